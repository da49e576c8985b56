"""Pictures on disk: PNG to look at, SVG to print, each written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def save(picture: Any, path: str | Path) -> tuple[Path, Path]:
    """Write a picture as PNG and as SVG.

    Parameters
    ----------
    picture : matplotlib Axes or Figure
    path : str or path
        Where to; folders are made. An ending .png or .svg is left out, since both are written.

    Returns
    -------
    tuple of path
        The PNG and the SVG file.

    Examples
    --------
    >>> import tempfile
    >>> from sparsecs import phase_diagram, save, DonohoTanner
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in save(phase_diagram(curves=[DonohoTanner()]), folder + "/theory")]
    ['theory.png', 'theory.svg']
    """
    figure = picture if hasattr(picture, "savefig") else picture.figure
    base = Path(path)
    if base.suffix in (".png", ".svg"):
        base = base.with_suffix("")
    base.parent.mkdir(parents=True, exist_ok=True)
    files = []
    for kind in ("png", "svg"):
        file = base.with_name(f"{base.name}.{kind}")
        part = base.with_name(f".{base.name}.part.{kind}")
        try:
            figure.savefig(part, dpi=150, metadata={"Date": None} if kind == "svg" else None)
            os.replace(part, file)
        finally:
            part.unlink(missing_ok=True)
        files.append(file)
    return files[0], files[1]
