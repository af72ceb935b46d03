"""The command `heard`. Each command imports what it needs when it runs, so that `--help` and `query` start at once."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

DONE, PARTLY, FAILED = 0, 1, 2


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}. See `{self.prog} --help`.", file=sys.stderr)
        raise SystemExit(FAILED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; gives its exit status: 0 done, 1 done with rejects or warnings, 2 could not be done."""
    given = parser().parse_args(arguments)
    try:
        return given.command(given)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return _fail("stopped before the end; nothing was published. Run the same command again.")
    except Exception as error:
        if not _is_ours(error):
            raise
        return _fail(str(error))


def _is_ours(error: Exception) -> bool:
    """Whether an error is one of those whose message is already the one line a person needs."""
    return type(error).__module__.partition(".")[0] in ("flows", "transforms", "metrics", "dashboard")


def _fail(line: str) -> int:
    print(f"heard: {line}", file=sys.stderr)
    return FAILED


def parser() -> Parser:
    """The commands with their options."""
    whole = Parser(prog="heard", description="Measure the quality of support conversations.")
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], does: str, home: bool = True) -> Parser:
        sub = commands.add_parser(name, help=does, description=does)
        sub.set_defaults(command=run)
        if home:
            default = Path(os.environ.get("HEARD_HOME") or "heard-home")
            sub.add_argument("--home", type=Path, default=default, help="the home folder (default: %(default)s)")
        return sub

    demo = command("demo", _demo, "the sample, start to end, then the dashboard in the browser")
    _add_dashboard_options(demo)

    run = command("run", _run, "ingest files, folders, globs or s3:// addresses, measure, check, publish")
    run.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="a file, a folder, a glob, or an address: s3://, gs:// or az://"
    )
    run.add_argument("--format", metavar="NAME", help="the format's name (default: recognised from the content)")
    run.add_argument(
        "--as-of", type=_moment, metavar="TIME", help="judge promises and windows as of this time (ISO 8601)"
    )
    run.add_argument(
        "--retry-rejected", action="store_true", help="try again what was refused and kept, in place of sources"
    )
    run.add_argument("--json", action="store_true", help="print what was done as JSON")

    _add_map_options(command("map", _map, "look at a CSV or JSON of your own and keep how it is to be read"))

    report = command("report", _report, "the report of a day: one self-contained HTML, and PDF")
    report.add_argument(
        "--date", type=_day, metavar="DAY", help="the day, YYYY-MM-DD (default: the last one with conversations)"
    )
    report.add_argument("--out", type=Path, metavar="DIR", help="the folder (default: reports/ in the home)")
    report.add_argument("--email", nargs="+", metavar="TO", default=[], help="send it to these addresses")

    nightly = command("nightly", _nightly, "serve the schedule: ingest, measure, publish, report")
    nightly.add_argument("--cron", default="0 2 * * *", help="when, as a cron line (default: %(default)s)")

    _add_dashboard_options(command("dashboard", _dashboard, "the dashboard over the published warehouse"))

    query = command("query", _query, "read-only SQL over the published warehouse")
    query.add_argument("sql", metavar="SQL")
    shapes = query.add_mutually_exclusive_group()
    shapes.add_argument("--csv", action="store_true", help="as CSV")
    shapes.add_argument("--json", action="store_true", help="as JSON, a list of objects")
    shapes.add_argument("--parquet", type=Path, metavar="FILE", help="into a Parquet file")

    formats = command("formats", _formats, "what can be read, and what each format can support", home=False)
    formats.add_argument("--json", action="store_true")

    metrics = command("metrics", _metrics, "every metric with definition, unit, source and validation")
    metrics.add_argument("id", nargs="?", metavar="ID")
    metrics.add_argument(
        "--sensitivity", action="store_true", help="the timing metrics of the home at other thresholds"
    )
    metrics.add_argument("--json", action="store_true")

    validate = command("validate", _validate, "detectors against people's labels", home=False)
    validate.add_argument("labelled", nargs="+", metavar="LABELLED.parquet")
    validate.add_argument("--json", action="store_true")

    command("rebuild", _rebuild, "the warehouse again from the lake alone")
    doctor = command("doctor", _doctor, "what is installed, reachable, stale or broken, and the cure")
    doctor.add_argument("--json", action="store_true")
    customer = command("customer", _customer, "the keyed hash under which a customer's id is kept")
    customer.add_argument("id", metavar="ID")
    return whole


def _add_dashboard_options(sub: Parser) -> None:
    sub.add_argument("--port", type=int, default=8501, metavar="N", help="the port (default: %(default)s)")
    sub.add_argument("--headless", action="store_true", help="open no browser")
    sub.add_argument("--address", default="127.0.0.1", help="where to serve it (default: this machine alone)")
    sub.add_argument(
        "--anyone-may-read", action="store_true", help="serve it at an address that others can reach, without sign-in"
    )


def _add_map_options(sub: Parser) -> None:
    sub.add_argument("file", metavar="FILE", help="a CSV, JSON, JSONL or Parquet file")
    sub.add_argument("--write", "--yes", action="store_true", help="keep the mapping in heard.toml, without asking")
    sub.add_argument("--replace", action="store_true", help="guess anew, and take the place of a mapping that is there")
    sub.add_argument("--name", metavar="NAME", help="the mapping's name (default: the file's)")
    for name, does in (
        ("--column", "our column and the file's, as text=body"),
        ("--role", "a speaker and the role, as 'Ana Ruiz=agent'; '*=customer' for everybody else"),
        ("--value", "what a word means in a column, as resolved:clos=yes"),
    ):
        sub.add_argument(name, type=_pair, action="append", default=[], metavar="A=B", help=does)
    sub.add_argument("--time-unit", choices=("s", "ms", "us", "ns", "min"), help="of offsets and durations")
    sub.add_argument("--date-order", choices=("day", "month"), help="which comes first in dates such as 03/04/2026")
    sub.add_argument("--zone", metavar="ZONE", help="of times that name none: UTC, Europe/Paris, ...")
    sub.add_argument("--scale", metavar="LOW-HIGH", help="of the satisfaction ratings")
    sub.add_argument("--channel", choices=("voice", "chat", "email", "ticket", "social"), help="of all conversations")
    sub.add_argument("--encoding", metavar="NAME", help="of a text that is no UTF-8")
    sub.add_argument("--turns", metavar="PATH", help="where in JSON the list of turns lies, as chat.messages[]")
    sub.add_argument("--json", action="store_true", help="print what was found as JSON")


def _pair(text: str) -> tuple[str, str]:
    left, sign, right = text.rpartition("=")
    if not (left and sign and right):
        raise argparse.ArgumentTypeError(f"'{text}' is no pair; expected A=B, as text=body")
    return left, right


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no time; expected ISO 8601, as 2026-11-15T08:00:00Z") from None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; expected YYYY-MM-DD, as 2026-11-15") from None


def _iso(value: object) -> str:
    """Times as ISO 8601, in UTC."""
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else str(value)


def _say(line: str) -> None:
    print(line, flush=True)


def _run(given: argparse.Namespace) -> int:
    from flows.nightly import flow_run
    from flows.progress import speaker

    if bool(given.sources) == given.retry_rejected:
        return _fail("run takes sources, or --retry-rejected and none. See `heard run --help`.")
    say = speaker(sys.stderr if given.json else sys.stdout)
    summary = flow_run(given.sources, given.home, given.format, given.as_of, say, given.retry_rejected)
    if given.json:
        told = {"warnings": summary.warnings, "formats": summary.ingested.by_format}
        print(json.dumps(summary.run | told, default=_iso))
    for line in summary.lines(given.home):
        say(line)
    return PARTLY if summary.ingested.rejected_count or summary.warnings else DONE


def _map(given: argparse.Namespace) -> int:
    from flows.map_view import print_map, show_map
    from transforms.mapping.finding import Said

    values: dict[str, dict[str, str]] = {}
    for word, meaning in given.value:
        column, _, own = word.partition(":")
        values.setdefault(column, {})[own] = meaning
    options = (given.time_unit, given.date_order, given.zone, given.scale, given.channel, given.encoding, given.turns)
    said = Said(dict(given.column), dict(given.role), values, *options)
    show = print_map if given.json else show_map
    is_whole = show(given.file, given.home, given.name, said, given.write, given.replace)
    return DONE if is_whole else PARTLY


def _demo(given: argparse.Namespace) -> int:
    from flows.demo import demo
    from flows.progress import speaker

    demo(given.home, speaker(sys.stdout))
    return _dashboard(given)


def _rebuild(given: argparse.Namespace) -> int:
    from flows.build import rebuild
    from flows.progress import speaker

    warnings = rebuild(given.home, speaker(sys.stdout))
    for warning in warnings:
        _say(f"warning: {warning}")
    return PARTLY if warnings else DONE


def _report(given: argparse.Namespace) -> int:
    from flows.home import warehouse_of
    from flows.report import make_report

    warehouse_of(given.home)
    for path in make_report(given.home, given.date, given.out, given.email, _say):
        _say(str(path))
    return DONE


def _nightly(given: argparse.Namespace) -> int:
    from flows.nightly import serve_nightly

    serve_nightly(given.home, given.cron)
    return DONE


def _dashboard(given: argparse.Namespace) -> int:
    from flows.dashboard import serve

    return serve(given.home, given.port, given.headless, given.address, given.anyone_may_read)


def _query(given: argparse.Namespace) -> int:
    from flows.home import warehouse_of
    from flows.warehouse import query

    found = query(warehouse_of(given.home), given.sql)
    if given.csv:
        print(found.write_csv(), end="")
    elif given.json:
        print(json.dumps(found.to_dicts(), default=_iso, ensure_ascii=False))
    elif given.parquet:
        found.write_parquet(given.parquet)
        _say(f"{given.parquet}: {found.height:,} rows")
    else:
        from flows.printing import print_table

        print_table(found)
    return DONE


def _formats(given: argparse.Namespace) -> int:
    from flows.printing import print_table
    from transforms.readers import formats

    print(formats().write_json()) if given.json else print_table(formats())
    return DONE


def _metrics(given: argparse.Namespace) -> int:
    from flows.meanings import metric_table
    from flows.printing import print_metric, print_table

    if given.sensitivity:
        from flows.home import warehouse_of
        from flows.warehouse import query

        found = query(warehouse_of(given.home), "FROM sensitivity")
        print(found.write_json()) if given.json else print_table(found)
        return DONE
    table = metric_table()
    if given.id:
        return print_metric(table, given.id, given.json)
    print(table.write_json()) if given.json else print_table(
        table.select("metric", "kind", "family", "unit", "definition")
    )
    return DONE


def _validate(given: argparse.Namespace) -> int:
    from flows.printing import print_table
    from flows.validate import validate

    rows = validate([Path(path) for path in given.labelled])
    if given.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        import polars as pl

        print_table(pl.DataFrame(rows))
    return DONE


def _doctor(given: argparse.Namespace) -> int:
    from flows.doctor import examine

    findings = examine(given.home)
    if given.json:
        print(json.dumps([finding.__dict__ for finding in findings]))
    else:
        for finding in findings:
            _say(finding.line())
    return PARTLY if any(not finding.is_well for finding in findings) else DONE


def _customer(given: argparse.Namespace) -> int:
    import polars as pl

    from flows.home import customer_key, known_home
    from transforms.redact import hash_id

    print(hash_id(customer_key(known_home(given.home)), pl.Series([given.id]))[0])
    return DONE


if __name__ == "__main__":
    sys.exit(main())
