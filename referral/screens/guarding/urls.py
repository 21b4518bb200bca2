"""Addresses of guarding, below /L/casework/."""

from django.urls import path

from . import access, complaining, files, rights

urlpatterns = [
    path("cases/<str:code>/files/", files.case_files, name="case-files"),
    path("cases/<str:code>/files/<uuid:file_id>/", files.case_file, name="case-file"),
    path("cases/<str:code>/files/<uuid:file_id>/remove/", files.remove_file, name="case-file-remove"),
    path("cases/<str:code>/access/", files.case_readers, name="case-readers"),
    path("access/", access.access, name="access"),
    path("access/<uuid:grant_id>/", access.answer_access, name="access-answer"),
    path("requests/", rights.overview, name="requests"),
    path("requests/new/", rights.new_request, name="request-new"),
    path("requests/<uuid:request_id>/", rights.data_request, name="data-request"),
    path("requests/<uuid:request_id>/erase/", rights.erase, name="data-request-erase"),
    path("requests/<uuid:request_id>/copy/", rights.copy, name="data-request-copy"),
    path("complaints/new/", complaining.new_complaint, name="complaint-new"),
    path("complaints/<uuid:complaint_id>/", complaining.complaint, name="complaint"),
    path("holds/", complaining.legal_holds, name="holds"),
    path("export/cases.csv", complaining.export_cases, name="case-export"),
]
