"""From a force's site to an `ArticleItem`."""
