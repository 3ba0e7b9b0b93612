"""What the store must be told, and could not be yet: it is told when the store answers again, in the order in which it came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from forcewire.service.store import Store
from storage.database import StoreError

Debt: TypeAlias = Callable[[Connection], Any]

_MOST = 10_000  # a store that is away for days: what is lost then is found by the next crawl of each source


class Owed:
    """Transactions that must not be lost by an outage of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._debts: list[Debt] = []
        self._turn = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._debts)

    async def pay(self, debt: Debt) -> bool:
        """Carries a transaction out now, or later; whether now."""
        self._debts.append(debt)
        del self._debts[:-_MOST]
        return await self.pay_all()

    async def pay_all(self) -> bool:
        """Carries out what is owed; whether nothing is left. Raises what one raises that is no fault of the store's, and forgets that
        one: it would be raised for ever, before all that comes after it.
        """
        async with self._turn:
            while self._debts:
                debt = self._debts[0]
                try:
                    await self._store.write(debt)
                except StoreError:
                    return False
                except Exception:
                    self._forget(debt)
                    raise
                self._forget(debt)
        return True

    def _forget(self, debt: Debt) -> None:
        with suppress(ValueError):  # it was one too many meanwhile
            self._debts.remove(debt)
