"""Every public name says what it is, shows itself at work, and names the parameters that it really has."""

from __future__ import annotations

import ast
import enum
import inspect
import itertools
import re
from typing import Any

import pytest
from rooms import short, sources, tree

import sparsecs
from sparsecs import Certificate, Iterate, Result, Transition

SECTIONS = ("Parameters", "Returns", "Yields", "Raises", "Attributes", "Examples", "References", "Notes", "See Also")
CARRIERS = {Certificate, Iterate, Result, Transition}  # nobody but a solver or a fit makes them
FACE = {name: getattr(sparsecs, name) for name in sparsecs.__all__}


def sections(docstring: str) -> dict[str, str]:
    """The text under each underlined title; the text before the first stands under an empty title."""
    lines = inspect.cleandoc(docstring).splitlines()
    found, title, skip = {"": []}, "", False
    for line, below in itertools.zip_longest(lines, lines[1:], fillvalue=""):
        if skip:
            skip = False
        elif line.strip() and re.fullmatch(r"-{3,}", below.strip()):
            title, skip = line.strip(), True
            assert title not in found, f"{title} stands twice"
            assert len(below.strip()) == len(title), f"the line under {title} has another length"
            found[title] = []
        else:
            found[title].append(line)
    return {title: "\n".join(text).strip("\n") for title, text in found.items()}


def entries(section: str) -> list[str]:
    """The names that a section lists: ``x, y : array`` or ``*name : str`` at the margin."""
    heads = [line.partition(" : ")[0] for line in section.splitlines() if line and not line.startswith(" ")]
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def own_docstring(value: Any) -> str:
    return (vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__) or ""


def arguments(value: Any) -> list[str]:
    return [name for name in inspect.signature(value).parameters if name not in ("self", "args", "kwargs")]


def attributes(cls: type) -> set[str]:
    annotated = {name for base in cls.__mro__ for name in vars(base).get("__annotations__", {})}
    return annotated | {name for name in dir(cls) if not name.startswith("_")}


def documented_functions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{short(file)}::{node.name}", node)
        for file in sources("sparsecs")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef) and "Parameters" in sections(ast.get_docstring(node) or "")
    ]


def test_the_reader_of_docstrings_finds_names_and_mistakes() -> None:
    found = sections("One.\n\nParameters\n----------\nx, y : array\n    Text : more.\n*name : str\n\nRaises\n------\nE")
    assert list(found) == ["", "Parameters", "Raises"]
    assert entries(found["Parameters"]) == ["x", "y", "name"]
    with pytest.raises(AssertionError, match="another length"):
        sections("One.\n\nParameters\n-----\n")


@pytest.mark.parametrize("name", FACE)
def test_every_public_name_has_a_docstring_of_its_own(name: str) -> None:
    first = own_docstring(FACE[name]).strip().partition("\n")[0]
    assert first.endswith((".", ":"))
    assert not first.startswith(f"{name}("), "a dataclass writes such a line when nobody else does"


@pytest.mark.parametrize("name", FACE)
def test_every_public_name_shows_an_example(name: str) -> None:
    value = FACE[name]
    if inspect.isclass(value) and (inspect.isabstract(value) or issubclass(value, enum.Enum) or value in CARRIERS):
        return
    assert ">>>" in sections(own_docstring(value)).get("Examples", "")


@pytest.mark.parametrize("name", FACE)
def test_sections_are_known_and_never_empty(name: str) -> None:
    found = sections(own_docstring(FACE[name]))
    assert set(found) - {""} <= set(SECTIONS)
    assert [title for title, text in found.items() if not text.strip()] == []


@pytest.mark.parametrize("name", FACE)
def test_examples_come_last(name: str) -> None:
    titles = list(sections(own_docstring(FACE[name])))
    assert "Examples" not in titles[:-1]


@pytest.mark.parametrize("name", FACE)
def test_documented_parameters_are_those_of_the_signature(name: str) -> None:
    value, found = FACE[name], sections(own_docstring(FACE[name]))
    if "Parameters" not in found:
        return
    listed = entries(found["Parameters"])
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(arguments(value)), "a parameter that is not there"
    if not inspect.isclass(value):
        assert listed == arguments(value), "a parameter is missing, or in another order"


@pytest.mark.parametrize("name", [name for name in FACE if inspect.isclass(FACE[name])])
def test_documented_attributes_are_there(name: str) -> None:
    listed = entries(sections(own_docstring(FACE[name])).get("Attributes", ""))
    assert set(listed) <= attributes(FACE[name])


@pytest.mark.parametrize("node", [pytest.param(node, id=name) for name, node in documented_functions()])
def test_functions_inside_document_all_their_parameters_too(node: ast.FunctionDef) -> None:
    given = [*node.args.posonlyargs, *node.args.args, node.args.vararg, *node.args.kwonlyargs, node.args.kwarg]
    names = [argument.arg for argument in given if argument is not None and argument.arg not in ("self", "cls")]
    assert entries(sections(ast.get_docstring(node) or "")["Parameters"]) == names


@pytest.mark.parametrize("name", ["run", "run_all", "solve", "answer", "plant", "grid", "stream", "fit_transition"])
def test_the_verbs_of_the_sentence_document_what_they_return(name: str) -> None:
    text = own_docstring(FACE[name])
    assert re.match(r"(The|A|An|All|What) ", text.strip()), "the first line says what comes back"
