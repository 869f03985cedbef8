"""Commands on programs."""

import typer

from backoffice.cli import evaluating, shipping

programs = typer.Typer(help="制度 / programs", no_args_is_help=True)
evaluating.add_to(programs)
shipping.add_to(programs)


def add_to(program: typer.Typer) -> None:
    program.add_typer(programs, name="programs", rich_help_panel="仕事 / work")
