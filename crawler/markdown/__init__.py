"""A page's elements as Markdown blocks: headings, lists, bold, italics, links, quotes and tables are kept, and what a page's
text holds of Markdown's own marks is escaped (CommonMark 0.31). Own code, because a record's bytes are a contract: another
library's upgrade would show up as thousands of edits.
"""

from crawler.markdown.blocks import Block, render
from crawler.markdown.inline import escape, escape_line, evened, inline
from crawler.markdown.walker import BLOCK_TAGS, DROPPED_TAGS, blocks

__all__ = ["BLOCK_TAGS", "DROPPED_TAGS", "Block", "blocks", "escape", "escape_line", "evened", "inline", "render"]
