#!/usr/bin/env python3
"""What a person at a terminal reads and completes: --help, the man pages, the completion of each shell. The built
program's --help is what all of them are held to. No broker, no database.

manual_test.py PROGRAM SOURCES GANTRY_1 GANTRY_TOML_5"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, SOURCES, PAGE, CONFIG_PAGE = (Path(one).resolve() for one in sys.argv[1:5])
COMPLETION = SOURCES / "packaging/completion"
SHIPPED = SOURCES / "conf/gantry.toml"


def output(*command, **environment):
    return subprocess.run(command, env={**os.environ, "LC_ALL": "C.UTF-8", **environment}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout


def listed(text, section):
    found = re.search(rf"^{section}:\n((?:  .*\n?)+)", text, re.MULTILINE)
    return re.findall(r"^  (?:-\w,)?([\w-]+)", found[1], re.MULTILINE) if found else []


def read_help(*path):
    """{subcommand's path: its help}, of the whole tree below path."""
    text = output(PROGRAM, *path, "--help")
    tree = {path: text}
    for name in listed(text, "Subcommands"):
        tree |= read_help(*path, name)
    return tree


HELP = read_help()

IN_BASH = """source "$1/gantry.bash"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gantry "$1"
printf '%s\\n' "${COMPREPLY[@]}" """
IN_FISH = """source $argv[1]/gantry.fish
complete -C (string join ' ' -- $argv[2..-1])"""
IN_ZSH = """_describe() { local -a offered; offered=(${(P)@[-1]}); print -rl -- ${offered%%:*} }
_files() { print -rl -- "${words[CURRENT]}"*(N) }
folder=$1; shift; words=("$@"); CURRENT=$#
source $folder/_gantry"""


def offered_by(shell, *words):
    """What the shell offers for the last of the words, as somebody types them after `gantry`."""
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(PROGRAM, Path(folder, "gantry"))
        start = {"bash": ["bash", "--norc", "-c", IN_BASH, "bash"], "fish": ["fish", "--no-config", "-c", IN_FISH],
                 "zsh": ["zsh", "-f", "-c", IN_ZSH, "zsh"]}[shell]
        text = output(*start, COMPLETION, "gantry", *words, HOME=folder, PATH=folder + ":" + os.environ["PATH"])
    return {line.split("\t")[0] for line in text.splitlines() if line}


class Help(unittest.TestCase):
    def test_every_subcommand_has_an_example(self):
        for path, text in HELP.items():
            self.assertRegex(text, r"(?m)^Example: " + " ".join(["gantry", *path]) + r"\b", path)

    def test_every_example_has_options_that_there_are(self):
        for path, text in HELP.items():
            example = re.search(r"(?m)^Example: gantry (.*)$", text)[1]
            used = tuple(word for word in example.split() if word.isalpha())
            meant = max((one for one in HELP if used[:len(one)] == one), key=len)
            self.assertLessEqual(set(re.findall(r"--[\w-]+", example)), set(listed(HELP[meant], "Options")), path)


class ManPages(unittest.TestCase):
    def test_every_subcommand_has_its_section_with_every_option(self):
        page = PAGE.read_text().replace(r"\-", "-")
        for path, text in HELP.items():
            name = " ".join(["gantry", *path])
            section = page
            if path:
                found = re.search(rf'^\.SS "{name} \[OPTIONS\].*\n((?:(?!\.S[SH] ).*\n)*)', page, re.MULTILINE)
                self.assertIsNotNone(found, name)
                section = found[1]
            for option in listed(text, "Options") + listed(text, "Positionals"):
                if path and option == "--help":
                    continue  # once, for all of them
                self.assertRegex(section, rf"(?m)^(\\fB|\.BR? (-\w \", \" )?){option}\b", name)

    def test_every_key_of_the_configuration_is_described(self):
        words = set(re.findall(r"[a-z0-9_]+", CONFIG_PAGE.read_text()))
        for reader in (SOURCES / "host/config").glob("*_reader.cpp"):
            for key in re.findall(r'\((?:\w+, )?"([a-z][a-z0-9_]*)"', reader.read_text()):
                self.assertIn(key, words, reader.name)

    def test_the_example_of_the_configuration_is_one(self):
        example = re.search(r"(?s)\n\.EX\n(.*?)\.EE\n", CONFIG_PAGE.read_text())[1].replace(r"\-", "-")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "gantry.toml")
            file.write_text(example)
            self.assertIn("route order-saver\n", output(PROGRAM, "check", "--config", file))

    def test_man_shows_them_without_a_warning(self):
        for page in (PAGE, CONFIG_PAGE):
            shown = subprocess.run(["man", "--warnings", "-l", page], env={**os.environ, "LC_ALL": "C", "MANWIDTH": "80"},
                                   capture_output=True, text=True, timeout=60)
            self.assertEqual((shown.returncode, shown.stderr), (0, ""), page)
            self.assertIn("SEE ALSO", re.sub(".\b", "", shown.stdout), page)

    def test_no_page_has_a_path_of_the_machine_that_built_it(self):
        for page in (PAGE, CONFIG_PAGE):
            self.assertNotIn(str(SOURCES), page.read_text().replace(r"\-", "-"))


class Completion(unittest.TestCase):
    def for_each_shell(self, expected, *words):
        for shell in ("bash", "fish", "zsh"):
            with self.subTest(shell, words=words):
                self.assertEqual(offered_by(shell, *words), set(expected))

    def test_every_subcommand_is_offered(self):
        for path, text in HELP.items():
            if names := listed(text, "Subcommands"):
                self.for_each_shell(names, *path, "")

    def test_every_option_is_offered(self):
        for path, text in HELP.items():
            self.for_each_shell(listed(text, "Options"), *path, "--")

    def test_only_what_begins_like_the_word_is_offered(self):
        self.assertEqual(offered_by("bash", "dlq", "re"), {"replay"})
        self.assertEqual(offered_by("bash", "dlq", "replay", "--dry-run", "--max"), {"--max-replays"})

    def test_routes_are_those_of_the_configuration(self):
        routes = {"alert", "coupon-issue", "coupon-request", "order-saver", "payment"}
        self.for_each_shell(routes, "pause", "--config", str(SHIPPED), "")
        self.for_each_shell(routes, "dlq", "list", "--config", str(SHIPPED), "--route", "")

    def test_shipped_routes_are_offered_to_enable_those_that_are_not_and_to_disable_those_that_are(self):
        with tempfile.TemporaryDirectory() as folder:
            (config := Path(folder, "gantry.toml")).touch()
            given = ["--config", str(config), "--shipped", str(SHIPPED.parent / "routes.d")]
            for name in ("alert", "payment"):
                output(PROGRAM, "enable", name, *given)
            Path(folder, "routes.d/alert.toml").write_text("# mine\n")
            self.for_each_shell(["alert", "payment"], "disable", *given, "")
            output(PROGRAM, "disable", "alert", *given)
            self.for_each_shell(["alert", "coupon-issuer", "order-saver"], "enable", *given, "")

    def test_files_are_offered_where_a_file_is_asked_for(self):
        for words in (["run", "--config"], ["run", "--config", "="], ["plugins"]):
            self.assertIn(str(SHIPPED), offered_by("bash", *words, str(SHIPPED)[:-3]))
        self.assertIn(str(SHIPPED), offered_by("fish", "run", "--config", str(SHIPPED)[:-3]))

    def test_nothing_is_offered_for_a_value_that_nobody_can_know(self):
        self.for_each_shell([], "dlq", "list", "--topic", "")
        self.for_each_shell([], "new-plugin", "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
