#!/usr/bin/env python3
"""gantry enable and disable, by what they do to files. enable_test.py PROGRAM"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()


class Enable(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.shipped = Path(folder.name, "shipped")
        self.shipped.mkdir()
        (self.shipped / "alert.toml").write_text("# alert\n")
        (self.shipped / "payment.toml").write_text("# payment\n")
        self.config = Path(folder.name, "etc/gantry.toml")
        self.config.parent.mkdir()
        self.alert = self.config.parent / "routes.d/alert.toml"
        self.kept = self.config.parent / "routes.d/alert.toml.disabled"

    def gantry(self, *words, code=0):
        done = subprocess.run([PROGRAM, *words, "--config", self.config, "--shipped", self.shipped], text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_enabling_copies_the_shipped_file_and_says_what_is_next(self):
        self.assertRegex(self.gantry("enable", "alert"), r"wrote .*alert\.toml\nnext: gantry check --config .*reload")
        self.assertEqual(self.alert.read_text(), "# alert\n")
        self.assertEqual([one.name for one in self.alert.parent.iterdir()], ["alert.toml"])

    def test_enabling_twice_changes_nothing(self):
        self.gantry("enable", "alert")
        self.assertIn("enabled already", self.gantry("enable", "alert"))

    def test_a_changed_file_is_never_overwritten(self):
        self.gantry("enable", "alert")
        self.alert.write_text("# mine\n")
        self.assertIn("not as shipped", self.gantry("enable", "alert", code=1))
        self.assertEqual(self.alert.read_text(), "# mine\n")

    def test_disabling_removes_what_is_as_shipped(self):
        self.gantry("enable", "alert")
        self.gantry("disable", "alert")
        self.assertEqual(list(self.alert.parent.iterdir()), [])

    def test_disabling_keeps_what_was_changed_and_enabling_brings_it_back(self):
        self.gantry("enable", "alert")
        self.alert.write_text("# mine\n")
        self.assertIn(str(self.kept), self.gantry("disable", "alert"))
        self.assertFalse(self.alert.exists())
        self.assertIn("brought back", self.gantry("enable", "alert"))
        self.assertEqual(self.alert.read_text(), "# mine\n")
        self.assertFalse(self.kept.exists())

    def test_disabling_never_overwrites_what_was_kept_before(self):
        self.gantry("enable", "alert")
        self.alert.write_text("# mine\n")
        self.kept.write_text("# older\n")
        self.assertIn("move one of them away", self.gantry("disable", "alert", code=1))
        self.assertEqual((self.alert.read_text(), self.kept.read_text()), ("# mine\n", "# older\n"))

    def test_a_name_that_is_not_there_is_refused(self):
        self.assertIn('no route "alrt"', self.gantry("enable", "alrt", code=1))
        self.assertIn("not enabled", self.gantry("disable", "alert", code=1))
        self.assertIn("not the name", self.gantry("enable", "../shipped/alert", code=1))

    def test_without_a_name_they_list(self):
        self.gantry("enable", "alert")
        self.assertEqual(self.gantry("enable"), "alert: enabled\npayment: not enabled\n")
        self.assertEqual(self.gantry("disable"), "alert\n")
        self.alert.write_text("# mine\n")
        self.assertEqual(self.gantry("enable"), "alert: enabled, not as shipped\npayment: not enabled\n")
        self.gantry("disable", "alert")
        self.assertEqual(self.gantry("enable"), "alert: disabled, its changes are kept\npayment: not enabled\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
