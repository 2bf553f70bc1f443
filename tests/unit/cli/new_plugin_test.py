#!/usr/bin/env python3
"""gantry new-plugin, by the files it writes; tests/abi/new_plugin builds them. new_plugin_test.py PROGRAM"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()


class NewPlugin(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def gantry(self, *words, code=0):
        done = subprocess.run([PROGRAM, "new-plugin", *words], cwd=self.folder, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def written(self):
        return sorted(str(one.relative_to(self.folder)) for one in self.folder.rglob("*") if one.is_file())

    def test_names_everything_after_the_plugin_and_says_what_is_next(self):
        said = self.gantry("acme-audit2")
        self.assertEqual(self.written(), sorted("acme-audit2/" + one for one in (
            "CMakeLists.txt", "README.md", "migrations/0001_create_acme_audit2.sql", "route.toml", "src/acme_audit2.cpp",
            "tests/acme_audit2_test.cpp")))
        for file in self.written():
            self.assertIn("wrote " + file, said)
            self.assertNotIn("@", (self.folder / file).read_text(), file)
        self.assertIn("class AcmeAudit2 {", (self.folder / "acme-audit2/src/acme_audit2.cpp").read_text())
        self.assertIn("next: cd acme-audit2 && cmake -B build", said)

    def test_writes_where_it_is_told_to(self):
        (self.folder / "empty").mkdir()
        self.gantry("keeper", "--folder", "empty")
        self.assertIn("empty/src/keeper.cpp", self.written())

    def test_touches_no_folder_that_has_something(self):
        (self.folder / "keeper").mkdir()
        (self.folder / "keeper/mine").write_text("mine")
        self.assertIn("not an empty folder", self.gantry("keeper", code=1))
        self.assertEqual(self.written(), ["keeper/mine"])

    def test_refuses_what_no_library_or_table_can_be_called(self):
        for name in ("Audit", "9lives", "a--b", "a-", "a/b", "..", "a" * 51, "käse", "export"):
            self.assertIn("can't be a plugin's name", self.gantry(name, code=1))
        self.assertEqual(self.written(), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
