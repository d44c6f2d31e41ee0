-- Foreign tables that give letraz-export the tables it reads when the product keeps them in
-- several databases: here the users in one (people) and the resumes in another (documents).
-- It needs the extension postgres_fdw. First make the views of views-letraz.sql, each in the
-- database that has its tables, and in each a role letraz_export_reader that may read the
-- views and nothing else. Then, in the database of the service, as a role that may create
-- the extension:
--
--   psql SERVICE_DATABASE -f foreign-letraz.sql
--   DATABASE_URL='postgres://…/SERVICE_DATABASE?search_path=letraz_export' letraz-export migrate --only service
--   DATABASE_URL='postgres://…/SERVICE_DATABASE?search_path=letraz_export' letraz-export migrate --check
--
-- The foreign tables are of the views, not of the tables behind them: look-ups by the text of
-- an id are then made where the indexes are. Without use_remote_estimate, whole tables would
-- be fetched.
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE SERVER people FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'people.example.com', port '5432', dbname 'people', use_remote_estimate 'true');
CREATE SERVER documents FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'documents.example.com', port '5432', dbname 'documents', use_remote_estimate 'true');
CREATE USER MAPPING FOR PUBLIC SERVER people OPTIONS (user 'letraz_export_reader', password 'secret');
CREATE USER MAPPING FOR PUBLIC SERVER documents OPTIONS (user 'letraz_export_reader', password 'secret');

CREATE SCHEMA letraz_export;
IMPORT FOREIGN SCHEMA letraz_export LIMIT TO ("user") FROM SERVER people INTO letraz_export;
IMPORT FOREIGN SCHEMA letraz_export LIMIT TO (jobs, resumes, resume_section, experience, education, projects, skills, strengths)
    FROM SERVER documents INTO letraz_export;
