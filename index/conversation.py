"""The context of a question, which is the previous question and its answer, and the interpretation as a follow-up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The previous question and the documents that answered it.

    `document_id` has the ids of the documents that the answer came from. If the previous question was a follow-up
    itself, `question` is the `text` of its `FollowUp`.
    """

    question: str
    document_id: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What a question was taken to be in its context.

    `text` is what was searched for, `added` what it has of the context, each as it is written there, and
    `preferred_documents` the documents whose paragraphs ranked higher. A question that was taken for a new one has
    nothing added and no preferred documents: it was answered as without a context.
    """

    text: str
    added: tuple[str, ...] = ()
    preferred_documents: tuple[str, ...] = ()

    @property
    def is_follow_up(self) -> bool:
        """Whether the question was taken to refer to its context."""
        return bool(self.added or self.preferred_documents)
