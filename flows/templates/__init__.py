"""The pages that flows write, as Jinja templates; whatever goes into them is escaped."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("flows"),
        autoescape=select_autoescape(enabled_extensions=("html.jinja",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: object) -> str:
    """The template with its values in it."""
    return _environment().get_template(template).render(values)
