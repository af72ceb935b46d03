"""A warehouse of a million conversations and ten million turns, to measure what reads it.

    python -m benchmarks.big_warehouse HOME [--like HOME] [--conversations 1000000]

Every conversation is one of the sample's with another id, day, agent, team and topic, its times stretched, and more
words in its turns; so each column is as full, as skewed and as null as in the sample. Nothing of it is measured anew.
"""

import argparse
import shutil
from pathlib import Path

import duckdb

from flows.demo import demo

TURNS = 10  # a conversation has, on average
SHAPE = {"agents": 300, "teams": 12, "topics": 20, "days": 365}

# A number from 0 to `below`, the same for the same conversation and purpose.
CHANCE = "(hash(number, {purpose}) % {below})::BIGINT"


def fill(path: Path, conversation_count: int) -> None:
    """Replaces what the warehouse holds by that many conversations made of its own."""
    with duckdb.connect(str(path), config={"memory_limit": "6GB"}) as con:
        tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        own = [name for name in tables if "conversation_id" in _columns(con, name)]
        for name in own:
            con.execute(f"CREATE TEMP TABLE like_{name} AS FROM {name}")
            con.execute(f"DELETE FROM {name}")
        _choose(con, conversation_count)
        for name in own:
            con.execute(f"INSERT INTO {name} BY NAME {_made(con, name)}")
        for digit in "0123456789abcdef":  # of an id; all of it at once would need the memory for all words
            con.execute(_WORDS, [digit])
        con.execute("DELETE FROM agent_day")
        con.execute(_AGENT_DAYS)
        con.execute("CHECKPOINT")


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall())


def _choose(con: duckdb.DuckDBPyConnection, count: int) -> None:
    """Which conversation of the sample each one is like, and what of it is new."""
    con.execute(
        f"""CREATE TEMP TABLE template AS
        SELECT conversation_id, row_number() OVER (ORDER BY conversation_id) - 1 AS place FROM
        (SELECT *, avg(turn_count) OVER (ORDER BY turn_count, conversation_id) AS so_far FROM like_conversation)
        WHERE so_far <= {TURNS}"""
    )
    templates = con.execute("SELECT count(*) FROM template").fetchone()[0]
    pick = {name: CHANCE.format(purpose=place, below=below) for place, (name, below) in enumerate(SHAPE.items())}
    con.execute(
        f"""CREATE TEMP TABLE chosen AS
        SELECT md5(number::VARCHAR) AS new_id, t.conversation_id AS old_id, {pick["agents"]} AS agent,
               'agent ' || agent AS new_agent_id, 'team ' || agent % {SHAPE["teams"]} AS new_team,
               'topic ' || {pick["topics"]} AS new_topic, {pick["days"]} AS day, {CHANCE.format(purpose=8, below=86400)}
               AS second, 0.7 + {CHANCE.format(purpose=9, below=600)} / 1000 AS stretch, number
        FROM range({count}) r(number) JOIN template t ON t.place = (hash(number) % {templates})::BIGINT"""
    )
    con.execute(
        "CREATE TEMP TABLE pool AS SELECT text, row_number() OVER (ORDER BY text) - 1 AS place"
        " FROM (SELECT DISTINCT text FROM like_turn WHERE length(text) BETWEEN 20 AND 120)"
    )


def _made(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The SELECT that makes the rows of a table from those of the sample."""
    columns = _columns(con, table)
    new = {"conversation_id": "new_id", "agent_id": "new_agent_id", "team": "new_team", "topic": "new_topic"}
    values = []
    for name, kind in columns.items():
        if name in new:
            value = new[name]
        elif table == "turn" and name == "text":
            value = "o.text || ' ' || p.text"
        elif name == "text_folded":
            value = "NULL"  # once the turns are there
        elif kind == "TIMESTAMP":
            value = f'o."{name}" - b.begun + to_days(-day::INTEGER) + to_seconds(second) + b.latest'
        elif kind == "DOUBLE" and name.endswith("_seconds"):
            value = f'round(o."{name}" * stretch, 3)'
        else:
            value = f'o."{name}"'
        values.append(f'{value} AS "{name}"')
    sentences = con.execute("SELECT count(*) FROM pool").fetchone()[0]
    words = f"JOIN pool p ON p.place = (hash(number, turn_index) % {sentences})::BIGINT" if table == "turn" else ""
    key = ", turn_index" if "turn_index" in columns else ""
    return f"""
    SELECT {", ".join(values)} FROM chosen JOIN like_{table} o ON o.conversation_id = old_id {words}
    JOIN (SELECT conversation_id, coalesce(started_at, latest) AS begun, latest FROM like_conversation,
          (SELECT max(started_at)::DATE::TIMESTAMP AS latest FROM like_conversation)) b ON b.conversation_id = old_id
    ORDER BY new_id{key}"""


_WORDS = """
UPDATE conversation SET text_folded = said.words FROM (
    SELECT conversation_id, lower(strip_accents(string_agg(replace(text, chr(10), ' '), chr(10) ORDER BY turn_index)))
           AS words FROM turn WHERE conversation_id[1] = $1 GROUP BY 1) said
WHERE conversation.conversation_id = said.conversation_id"""
_AGENT_DAYS = """
INSERT INTO agent_day BY NAME
SELECT agent_id, started_at::DATE AS day, min(team) AS team, count(*) AS conversation_count,
       sum(agent_turn_count)::BIGINT AS agent_turn_count, count(csat) AS rated_count, avg(csat) AS csat_mean,
       count(was_resolved) AS resolution_known_count, count_if(was_resolved::DOUBLE = 1)::BIGINT AS resolved_count,
       sum(commitment_count)::BIGINT AS commitment_count, 0 AS hard_conversation_count, 0 AS hard_streak_count,
       avg(out_of_hours_share) AS after_hours_share
FROM conversation_wide WHERE started_at IS NOT NULL GROUP BY agent_id, day ORDER BY agent_id, day"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("home", type=Path)
    given.add_argument("--like", type=Path, help="a home with the sample in it (default: it is published first)")
    given.add_argument("--conversations", type=int, default=1_000_000)
    asked = given.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    if asked.like:
        shutil.copy(asked.like / "warehouse.duckdb", asked.home)
    else:
        demo(asked.home, print)
    fill(asked.home / "warehouse.duckdb", asked.conversations)


if __name__ == "__main__":
    main()
