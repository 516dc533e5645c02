"""URLs under a record: every view is a RecordView (a house test walks them)."""

from jalon.web.areas.accesses.urls import record_urlpatterns as accesses
from jalon.web.areas.agenda.urls import record_urlpatterns as agenda
from jalon.web.areas.circle.urls import record_urlpatterns as circle
from jalon.web.areas.documents.urls import record_urlpatterns as documents
from jalon.web.areas.identity.urls import record_urlpatterns as identity
from jalon.web.areas.plans.urls import record_urlpatterns as plans
from jalon.web.areas.record.urls import record_urlpatterns as record
from jalon.web.areas.stays.urls import record_urlpatterns as stays

app_name = "records"
urlpatterns = [*record, *agenda, *documents, *circle, *accesses, *identity, *stays, *plans]
