"""The promises about made-up worlds, on few of them; `python -m benchmarks.simulation` tries many."""

from benchmarks.simulation import names_any, planted, rule_of_thumb_names_any, tables


def test_where_nothing_matters_hardly_a_table_names_a_driver():
    """Twenty tables of 144 pairs each; the rule of thumb "groups that differ by 3 points" names one every time."""
    made = [(names_any(table), rule_of_thumb_names_any(wide, 18)) for wide, table in tables(20, 18)]
    assert sum(named for named, _ in made) <= 1
    assert all(thumb for _, thumb in made)


def test_intervals_cover_what_was_planted_in_spite_of_a_confounder():
    """600 conversations of 12 agents, 40 % rated, 60 worlds; 93 to 97 % is promised, of many more."""
    rows = planted(60, 0.5)
    shares = {key[0]: part for key, part in rows.partition_by("is_planted", as_dict=True).items()}
    for part in shares.values():
        assert 0.91 <= part["is_covered"].mean() <= 0.99
        assert part["is_raw_covered"].mean() < 0.9
    assert 0.95 <= shares[True]["ratio"].mean() <= 1.05
