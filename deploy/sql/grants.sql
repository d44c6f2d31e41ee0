-- The rights that api, worker, dispatch, sweep and erase need, for a role letraz_export_app: to
-- read the tables or views of resumes, and to change what the service owns. Run it as the owner
-- after letraz-export migrate, with the schemas of your tables; the role needs no right on the
-- tables behind views.
GRANT USAGE ON SCHEMA letraz_export TO letraz_export_app;
GRANT SELECT ON letraz_export."user", letraz_export.jobs, letraz_export.resumes, letraz_export.resume_section, letraz_export.experience,
    letraz_export.education, letraz_export.projects, letraz_export.skills, letraz_export.strengths TO letraz_export_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON letraz_export.export_request, letraz_export.export_batch TO letraz_export_app;
GRANT SELECT, INSERT ON letraz_export.export_document TO letraz_export_app;
GRANT SELECT, INSERT ON letraz_export.export_store TO letraz_export_app;
-- INSERT on api_key is for the command key only, UPDATE also for the API, which records the last use.
GRANT SELECT, INSERT, UPDATE ON letraz_export.api_key TO letraz_export_app;
GRANT SELECT, INSERT, DELETE ON letraz_export.audit_log TO letraz_export_app;
-- goose_db_version after migrate without --only service.
GRANT SELECT ON letraz_export.letraz_export_version TO letraz_export_app;
