"""What one transaction can be asked and told: one attribute per kind of row."""

from storage.transaction import Transaction


class Memory:
    """The queries of one open transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def workspace_id(self) -> str:
        """Whose memory it is."""
        return self._transaction.workspace_id
