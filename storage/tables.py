"""The tables of `models.py` for SQLAlchemy Core, which the store is written and read with: no session, no identity map."""

from __future__ import annotations

import sqlalchemy as sa

from storage import models


def _table(model: type[models.Base]) -> sa.Table:
    assert isinstance(model.__table__, sa.Table)
    return model.__table__


SOURCE = _table(models.Source)
CRAWL = _table(models.Crawl)
ARTICLE = _table(models.Article)
VERSION = _table(models.Version)
CHANGE = _table(models.Change)
PAGE = _table(models.Page)
ISSUE = _table(models.Issue)
ORIGINAL = _table(models.Original)
FURNITURE = _table(models.Furniture)
KEPT_PAGE = _table(models.KeptPage)
SITE = _table(models.Site)
INCIDENT = _table(models.Incident)
SUPPRESSION = _table(models.Suppression)
REFERENCE = _table(models.ArticleReference)
SCHEDULE = _table(models.Schedule)
ALERT = _table(models.Alert)
NOTICE = _table(models.Notice)
DELIVERY = _table(models.Delivery)
CONDITION = _table(models.Condition)
