"""All tables, and the one workspace.

Revision: 0001
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from bot.clock import wire_now
from storage.tables import BigId, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915  a table: every table
    op.create_table(
        "history_secret",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "seq"),
    )
    op.create_index(op.f("ix_history_secret_person_id"), "history_secret", ["person_id"], unique=False)
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("slack_enterprise_id", sa.String(), nullable=True),
        sa.Column("slack_team_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slack_team_id"),
    )
    op.create_table(
        "history",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", Json, nullable=True),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "seq"),
    )
    op.create_index("ix_history_subject", "history", ["workspace_id", "subject"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("desired", Json, nullable=True),
        sa.Column("desired_revision", sa.Integer(), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.Column("thread_of", sa.String(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("not_after", UtcDateTime(), nullable=True),
        sa.Column("edit_gap_seconds", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "kind", "recipient", "workspace_id"),
    )
    op.create_index("ix_message_due", "message", ["state", "due_at"], unique=False)
    op.create_index(
        "ix_message_rejected",
        "message",
        ["called_at"],
        unique=False,
        sqlite_where=sa.text("state = 'rejected'"),
        postgresql_where=sa.text("state = 'rejected'"),
    )
    op.create_table(
        "pacing",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("used_until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "bucket"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("looked_up_at", UtcDateTime(), nullable=True),
        sa.Column("informed_at", UtcDateTime(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_person_admin",
        "person",
        ["workspace_id"],
        unique=False,
        sqlite_where=sa.text("is_admin = 1"),
        postgresql_where=sa.text("is_admin"),
    )
    op.create_index("ix_person_email", "person", ["workspace_id", "email"], unique=False)
    op.create_index("ix_person_external", "person", ["workspace_id", "external_id"], unique=False)
    op.create_index("ix_person_slack", "person", ["workspace_id", "slack_user_id"], unique=False)
    op.create_table(
        "platform_account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_received_at", UtcDateTime(), nullable=True),
        sa.Column("last_delay_ms", sa.Integer(), nullable=False),
        sa.Column("late_first_at", UtcDateTime(), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refused_first_at", UtcDateTime(), nullable=True),
        sa.Column("refused_last_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
        sa.UniqueConstraint("workspace_id", "platform", "name"),
    )
    op.create_table(
        "account_secret",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("good_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["platform_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_account_secret_account_id"), "account_secret", ["account_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attempt_message_id"), "attempt", ["message_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("delivery_key", sa.String(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), server_default="received", nullable=False),
        sa.Column("error", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["platform_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "delivery_key"),
    )
    op.create_index("ix_delivery_waiting", "delivery", ["state", "id"], unique=False)
    op.create_table(
        "room",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["platform_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "ref"),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("staff_channel", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("join_url", sa.String(), nullable=False),
        sa.Column("schedule", Json, nullable=True),
        sa.Column("breaks", Json, nullable=True),
        sa.Column("policy", Json, nullable=True),
        sa.Column("coordinator_id", sa.String(), nullable=True),
        sa.Column("from_sessions", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("laid_out_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["coordinator_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["room.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "key"),
    )
    op.create_index(op.f("ix_course_room_id"), "course", ["room_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("open_until", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["platform_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["room.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "ref"),
    )
    op.create_index(op.f("ix_session_due_at"), "session", ["due_at"], unique=False)
    op.create_index("ix_session_room", "session", ["room_id", "open_until"], unique=False)
    op.create_table(
        "connection",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("names", Json, nullable=True),
        sa.Column("user_ids", Json, nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("registrant_id", sa.String(), nullable=False),
        sa.Column("is_host", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "ref"),
    )
    op.create_table(
        "stranger",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "email", "session_id"),
    )
    op.create_index(op.f("ix_stranger_due_at"), "stranger", ["due_at"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("registrant_id", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("course_id", "person_id", "role", "from_on"),
    )
    op.create_index(op.f("ix_enrolment_course_id"), "enrolment", ["course_id"], unique=False)
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"], unique=False)
    op.create_index(op.f("ix_enrolment_registrant_id"), "enrolment", ["registrant_id"], unique=False)
    op.create_table(
        "join_link",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("renewed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("course_id", "person_id"),
    )
    op.create_table(
        "registrant",
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("registrant_id", sa.String(), nullable=False),
        sa.Column("sealed_url", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["room.id"],
        ),
        sa.PrimaryKeyConstraint("room_id", "person_id"),
    )
    op.create_index(op.f("ix_registrant_due_at"), "registrant", ["due_at"], unique=False)
    op.create_index(op.f("ix_registrant_registrant_id"), "registrant", ["registrant_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("course_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["platform_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_identity_value", "identity", ["workspace_id", "kind", "value"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("schedule_item", sa.String(), nullable=False),
        sa.Column("original_start", sa.String(), nullable=False),
        sa.Column("planned_start", UtcDateTime(), nullable=False),
        sa.Column("planned_end", UtcDateTime(), nullable=False),
        sa.Column("window_start", UtcDateTime(), nullable=False),
        sa.Column("window_end", UtcDateTime(), nullable=False),
        sa.Column("breaks", Json, nullable=True),
        sa.Column("stamp", Json, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("confirmation", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("is_unplanned", sa.Boolean(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["room.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lesson_course_start", "lesson", ["course_id", "planned_start"], unique=False)
    op.create_index("ix_lesson_due", "lesson", ["due_at", "id"], unique=False)
    op.create_index("ix_lesson_room_window", "lesson", ["room_id", "window_start"], unique=False)
    op.create_table(
        "presence_event",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("registrant_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_host", sa.Boolean(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("bound_to", sa.String(), nullable=True),
        sa.Column("session_started_at", UtcDateTime(), nullable=True),
        sa.Column("planned_seconds", sa.Integer(), nullable=True),
        sa.Column("is_time_assumed", sa.Boolean(), nullable=False),
        sa.Column("is_delayed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "who", "kind", "occurred_at"),
    )
    op.create_index(
        "ix_presence_event_delayed",
        "presence_event",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("is_delayed = 1"),
        postgresql_where=sa.text("is_delayed"),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("intervals", Json, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "fetched_at"),
    )
    op.create_table(
        "record_request",
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.PrimaryKeyConstraint("lesson_id"),
    )
    op.create_index(op.f("ix_record_request_due_at"), "record_request", ["due_at"], unique=False)
    op.create_table(
        "room_look",
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("came_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.PrimaryKeyConstraint("lesson_id"),
    )
    op.create_index(op.f("ix_room_look_due_at"), "room_look", ["due_at"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("during_start", UtcDateTime(), nullable=True),
        sa.Column("during_end", UtcDateTime(), nullable=True),
        sa.Column("session_ref", sa.String(), nullable=True),
        sa.Column("connection_ref", sa.String(), nullable=True),
        sa.Column("person_ids", Json, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("withdraws", sa.String(), nullable=True),
        sa.Column("press_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["withdraws"],
            ["correction.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("press_key"),
    )
    op.create_index(
        "ix_correction_substitute",
        "correction",
        ["at"],
        unique=False,
        sqlite_where=sa.text("kind = 'substitute'"),
        postgresql_where=sa.text("kind = 'substitute'"),
    )
    op.create_index("ix_correction_lesson", "correction", ["lesson_id", "at"], unique=False)
    op.create_index(op.f("ix_correction_withdraws"), "correction", ["withdraws"], unique=False)
    op.create_table(
        "socket",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("left_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_socket_lesson", "socket", ["lesson_id", "left_at"], unique=False)
    op.create_index(op.f("ix_socket_lease_until"), "socket", ["lease_until"], unique=False)
    op.create_table(
        "presence_logging",
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_armed", sa.Boolean(), nullable=False),
        sa.Column("well_at", UtcDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.PrimaryKeyConstraint("lesson_id"),
    )
    op.create_index(op.f("ix_presence_logging_due_at"), "presence_logging", ["due_at"], unique=False)
    op.create_table(
        "presence_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("creator_id", sa.String(), nullable=True),
        sa.Column("settings", Json, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("seed_hash", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("start_reason", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("asset_id", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_presence_check_lesson_id"), "presence_check", ["lesson_id"], unique=False)
    op.create_table(
        "answer_time",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("course_id", "person_id"),
    )
    op.create_table(
        "check_event",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("facts", Json, nullable=True),
        sa.Column("checkpoint_id", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_check_event_lesson", "check_event", ["lesson_id", "id"], unique=False)
    op.create_index(op.f("ix_check_event_at"), "check_event", ["at"], unique=False)
    op.create_table(
        "sheet",
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.PrimaryKeyConstraint("lesson_id", "version"),
    )
    op.create_table(
        "attended",
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("flags", Json, nullable=True),
        sa.Column("late_seconds", sa.Integer(), nullable=True),
        sa.Column("attended_planned", sa.Integer(), nullable=False),
        sa.Column("attended_held", sa.Integer(), nullable=False),
        sa.Column("base_planned", sa.Integer(), nullable=False),
        sa.Column("base_held", sa.Integer(), nullable=False),
        sa.Column("lesson_planned", sa.Integer(), nullable=False),
        sa.Column("lesson_held", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("lesson_id", "person_id"),
    )
    op.create_index(op.f("ix_attended_person_id"), "attended", ["person_id"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("presence_check_id", sa.String(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("window_seconds", sa.Integer(), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["presence_check_id"],
            ["presence_check.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("presence_check_id", "draw"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("scopes", Json, nullable=True),
        sa.Column("course_id", sa.String(), nullable=True),
        sa.Column("lesson_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "answer",
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_optional", sa.Boolean(), nullable=False),
        sa.Column("window_seconds", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("deadline", UtcDateTime(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("disputed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"],
            ["checkpoint.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("checkpoint_id", "person_id"),
    )
    op.create_table(
        "asset",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("presence_check_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lesson.id"],
        ),
        sa.ForeignKeyConstraint(
            ["presence_check_id"],
            ["presence_check.id"],
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_asset_lesson_id"), "asset", ["lesson_id"], unique=False)
    op.create_index(op.f("ix_asset_workspace_id"), "asset", ["workspace_id"], unique=False)
    workspace = sa.table(
        "workspace",
        *(sa.column(name) for name in ("id", "name", "history_seq", "history_hash")),
        sa.column("created_at", UtcDateTime()),
    )
    op.execute(
        workspace.insert().values(id=uuid4().hex, name="", history_seq=0, history_hash="", created_at=wire_now())
    )


def downgrade() -> None:  # noqa: PLR0915  one statement per table and index
    op.drop_index(op.f("ix_asset_workspace_id"), table_name="asset")
    op.drop_index(op.f("ix_asset_lesson_id"), table_name="asset")
    op.drop_table("asset")
    op.drop_table("answer")
    op.drop_table("api_token")
    op.drop_table("checkpoint")
    op.drop_index(op.f("ix_attended_person_id"), table_name="attended")
    op.drop_table("attended")
    op.drop_table("sheet")
    op.drop_index(op.f("ix_socket_lease_until"), table_name="socket")
    op.drop_index("ix_socket_lesson", table_name="socket")
    op.drop_table("socket")
    op.drop_index(op.f("ix_presence_check_lesson_id"), table_name="presence_check")
    op.drop_table("presence_check")
    op.drop_index(op.f("ix_check_event_at"), table_name="check_event")
    op.drop_index("ix_check_event_lesson", table_name="check_event")
    op.drop_table("check_event")
    op.drop_table("answer_time")
    op.drop_index(op.f("ix_presence_logging_due_at"), table_name="presence_logging")
    op.drop_table("presence_logging")
    op.drop_index(op.f("ix_correction_withdraws"), table_name="correction")
    op.drop_index("ix_correction_lesson", table_name="correction")
    op.drop_index(
        "ix_correction_substitute",
        table_name="correction",
        sqlite_where=sa.text("kind = 'substitute'"),
        postgresql_where=sa.text("kind = 'substitute'"),
    )
    op.drop_table("correction")
    op.drop_index(op.f("ix_room_look_due_at"), table_name="room_look")
    op.drop_table("room_look")
    op.drop_index(op.f("ix_record_request_due_at"), table_name="record_request")
    op.drop_table("record_request")
    op.drop_table("record")
    op.drop_index(
        "ix_presence_event_delayed",
        table_name="presence_event",
        sqlite_where=sa.text("is_delayed = 1"),
        postgresql_where=sa.text("is_delayed"),
    )
    op.drop_table("presence_event")
    op.drop_index("ix_lesson_room_window", table_name="lesson")
    op.drop_index("ix_lesson_due", table_name="lesson")
    op.drop_index("ix_lesson_course_start", table_name="lesson")
    op.drop_table("lesson")
    op.drop_index("ix_identity_value", table_name="identity")
    op.drop_table("identity")
    op.drop_index(op.f("ix_registrant_registrant_id"), table_name="registrant")
    op.drop_index(op.f("ix_registrant_due_at"), table_name="registrant")
    op.drop_table("registrant")
    op.drop_table("join_link")
    op.drop_index(op.f("ix_enrolment_registrant_id"), table_name="enrolment")
    op.drop_index(op.f("ix_enrolment_person_id"), table_name="enrolment")
    op.drop_index(op.f("ix_enrolment_course_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_stranger_due_at"), table_name="stranger")
    op.drop_table("stranger")
    op.drop_table("connection")
    op.drop_index("ix_session_room", table_name="session")
    op.drop_index(op.f("ix_session_due_at"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_course_room_id"), table_name="course")
    op.drop_table("course")
    op.drop_table("room")
    op.drop_index("ix_delivery_waiting", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_attempt_message_id"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_account_secret_account_id"), table_name="account_secret")
    op.drop_table("account_secret")
    op.drop_table("platform_account")
    op.drop_index("ix_person_slack", table_name="person")
    op.drop_index("ix_person_external", table_name="person")
    op.drop_index("ix_person_email", table_name="person")
    op.drop_index(
        "ix_person_admin",
        table_name="person",
        sqlite_where=sa.text("is_admin = 1"),
        postgresql_where=sa.text("is_admin"),
    )
    op.drop_table("person")
    op.drop_table("pacing")
    op.drop_index(
        "ix_message_rejected",
        table_name="message",
        sqlite_where=sa.text("state = 'rejected'"),
        postgresql_where=sa.text("state = 'rejected'"),
    )
    op.drop_index("ix_message_due", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_history_subject", table_name="history")
    op.drop_table("history")
    op.drop_table("workspace")
    op.drop_index(op.f("ix_history_secret_person_id"), table_name="history_secret")
    op.drop_table("history_secret")
