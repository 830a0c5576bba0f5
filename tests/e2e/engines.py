"""deploy/queries as a data team runs them: load scripts and a query in DuckDB or SQLite."""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess

import duckdb

QUERIES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "queries")


def text_of(name):
    with open(os.path.join(QUERIES, name), encoding="utf-8") as file:
        return file.read()


class DuckDb:
    """The tables of a directory, loaded once; ask() gives rows as {column: value}."""

    def __init__(self, directory, *loads):
        self.directory, self.connection = directory, duckdb.connect()
        for load in loads:
            self.run(f"{load}.duckdb.sql")

    def run(self, name):
        with contextlib.chdir(self.directory):
            return self.connection.execute(text_of(name))

    def ask(self, name):
        result = self.run(name)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row)) for row in result.fetchall()]


class Sqlite:
    """The same, in a file that the command sqlite3 writes; where there is none, by its imports."""

    def __init__(self, directory, *loads):
        self.path = os.path.join(directory, "tables.db")
        script = "\n".join(text_of(f"{load}.sqlite.sql") for load in loads)
        if shutil.which("sqlite3"):
            subprocess.run(["sqlite3", "-bail", self.path], input=script, cwd=directory, text=True,
                           check=True, capture_output=True)
            return
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            for part in script.split("\n."):
                self.load(connection, directory, part)

    def load(self, connection, directory, part):
        """What stands between two commands of the program, the first of them included."""
        command, _, statements = part.partition("\n")
        words = command.split()
        if words and words[0] == "import":
            with open(os.path.join(directory, words[1]), encoding="utf-8") as file:
                lines = file.read().splitlines()
            if words[1].endswith(".csv"):
                names = lines[0].split(",")
                rows = [line.split(",") for line in lines[1:]]
                connection.execute(f"CREATE TABLE {words[2]} ({', '.join(names)})")
            else:
                names, rows = ["line"], [[line] for line in lines]
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {words[2]} VALUES ({marks})", rows)
        connection.executescript(statements if command[:1].isalpha() else part)

    def ask(self, name):
        if shutil.which("sqlite3"):
            answer = subprocess.run(["sqlite3", "-bail", "-json", self.path], input=text_of(name),
                                    text=True, check=True, capture_output=True).stdout
            return json.loads(answer or "[]")
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(text_of(name))]
