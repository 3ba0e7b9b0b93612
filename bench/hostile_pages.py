"""Pages that were made to keep a reader busy, each of any size: a function of a number, and the number that makes it hostile."""

from __future__ import annotations

from collections.abc import Callable

Make = Callable[[int], bytes]

WORDS = b"<p>Officers are appealing for witnesses after a robbery in Quay Street.</p>"
START = b"<html><head><title>Appeal after man robbed</title></head><body><h1>Appeal after man robbed</h1>"
HOSTILE: dict[str, tuple[Make, int]] = {
    "attribute of 1 MB": (lambda n: START + b"<div class='" + b"footer " * n + b"'>" + WORDS + b"</div>", 150_000),
    "link of 1 MB": (lambda n: START + b"<p>Words <a href='/" + b"a" * n + b"'>link</a> and more of them here.</p>", 1_000_000),
    "title of 100 KB": (lambda n: b"<title>" + b"Appeal " * n + b"</title><h1>" + b"Appeal " * n + b"</h1>" + WORDS, 15_000),
    "title of 100 KB of separators": (lambda n: b"<title>" + b"a | " * n + b"</title><h1>" + b"a | " * n + b"</h1>" + WORDS, 25_000),
    "title of blanks": (lambda n: b"<title>" + b" - " * n + b"</title><h1>Appeal after man robbed</h1>" + WORDS, 30_000),
    "description of 1 MB": (lambda n: START + b"<meta name='description' content='" + b"<" * n + b"'>" + WORDS, 1_000_000),
    "20,000 nested div": (lambda n: START + b"<div>" * n + WORDS, 20_000),
    "20,000 nested b": (lambda n: START + b"<p>" + b"<b>" * n + WORDS, 20_000),
    "20,000 nested lists": (lambda n: START + b"<ul><li>a " * n + WORDS, 20_000),
    "20,000 nested quotes": (lambda n: START + b"<blockquote>a " * n + WORDS, 20_000),
    "2,000 nested headings": (lambda n: START + b"<h1>word " * n, 2_000),
    "2,000 nested bodies by name": (lambda n: START + b"<div itemprop='articleBody'>word " * n, 2_000),
    "8,000 headings of the same words": (lambda n: (START + b"<h1>Appeal after man robbed</h1>" * n) + WORDS, 8_000),
    "8,000 articles within each other": (lambda n: START + b"<main><article>words of a story " * n + WORDS, 8_000),
    "3,000 nested links": (lambda n: START + (b"<p><a href='/a'>" + b"word " * 5) * n, 3_000),
    "1,000 nested tables of two rows": (lambda n: START + b"<table><tr><td>a</td></tr><tr><td>b</td><td>" * n + WORDS, 1_000),
    "2,000 nested h3": (lambda n: START + b"<h3><span>word " * n, 2_000),
    "2,000 nested quotes around 1 MB": (lambda n: START + b"<blockquote>" * 2_000 + b"words and " * n, 100_000),
    "2,000 nested items around 1 MB": (lambda n: START + b"<ul><li>" * 2_000 + b"words and " * n, 100_000),
    "2,000 nested div around 1 MB": (lambda n: START + b"<div>" * 2_000 + b"words and " * n, 100_000),
    "3,000 nested tables": (lambda n: START + b"<table><tr><td>a</td><td>" * n + WORDS, 3_000),
    "20,000 nested forms": (lambda n: b"<form>" * n + START + WORDS, 20_000),
    "100,000 JSON-LD objects": (lambda n: START + b'<script type="application/ld+json">[' + b"{}," * n + b"{}]</script>" + WORDS, 100_000),
    "deep JSON": (lambda n: b'{"title":' + b"[" * n + b"]" * n + b"}", 100_000),
    "20,000 meta of one name": (lambda n: START + b"".join(b"<meta property='og:title' content='%d'>" % k for k in range(n)) + WORDS, 20_000),
    "1,000 within each other, no headline": (lambda n: b"<title>Appeal after man</title>" + b"<div><span>" * n + WORDS * 20, 1_000),
    "20,000 headings": (lambda n: START + b"<h2>Appeal after man</h2>" * n + WORDS, 20_000),
    "20,000 time elements": (lambda n: START + b"<time datetime='x'>1 May 2020</time>" * n + WORDS, 20_000),
    "a list of 20,000": (lambda n: START + WORDS + b"<ol>" + b"<li>one two three</li>" * n + b"</ol>", 20_000),
    "20,000 lines of br": (lambda n: START + b"<p>" + b"one two three<br>" * n, 20_000),
    "20,000 cells": (lambda n: START + WORDS + b"<table>" + b"<tr>" * 2 + b"<td>x</td>" * n + b"</table>", 20_000),
    "9,000 paragraphs": (lambda n: START + WORDS * n, 9_000),
    "6,000 paragraphs in a div": (lambda n: START + b"<div>" * 4 + WORDS * n + b"</div>", 6_000),
    "6,000 boxes": (lambda n: START + b"".join(b"<div class='c%d'>" % k + WORDS + b"</div>" for k in range(n)), 6_000),
    "6,000 lines with a link": (lambda n: START + b"<p>a<a href='/x'>link</a></p>" * n, 6_000),
    "6,000 dates": (lambda n: START + b"<p>x</p><p>1 May 2020</p>" * n, 6_000),
    "6,000 runs of one line": (lambda n: START + b"<p>" + b"<b>x</b>y" * n + b"</p>", 6_000),
}  # fmt: skip
LISTINGS: dict[str, tuple[Make, int]] = {
    "6,000 cards": (lambda n: b"<main>" + b"".join(b"<div><h3><a href='/news/story-of-the-%d'>A story about number %d</a></h3></div>" % (k, k) for k in range(n)) + b"</main>", 6_000),
    "6,000 bare links": (lambda n: b"<main>" + b"".join(b"<a href='/news/story-of-the-%d'>A story about number %d</a>" % (k, k) for k in range(n)) + b"</main>", 6_000),
    "6,000 links to one address": (lambda n: b"<main>" + b"<a href='/news/one-story-only'>A story about number one</a>" * n + b"</main>", 6_000),
}  # fmt: skip
UNITS = ("1", "a", " ", ".", "_", "*", "1 ", "1/", "published ", "home » ", "share this ", "12:30 ", "(", "\\", "[", "you are here ", "© ", "&amp;", "&#39;", "| ", "- ", "updated 1 ", "there are 1 related ", "from: ", "Op ", "more from ", "-", "é", "“", "the news | ")  # fmt: skip


def of_one_line(unit: str, characters: int) -> bytes:
    """A page with a paragraph of one thing again and again."""
    line = unit * (characters // len(unit))
    return f"<title>Appeal after man robbed</title><h1>Appeal after man robbed</h1><p>{line}</p><p>Words after it.</p>".encode()


def of_one_headline(unit: str, characters: int) -> bytes:
    """A page whose headline is one thing again and again."""
    line = (unit * characters)[:characters]
    return f"<title>{line}</title><meta property='og:title' content='{line}'><h1>{line}x</h1><p>Words that are a story.</p>".encode()
