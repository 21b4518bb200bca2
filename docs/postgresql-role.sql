-- The role that serves the site on PostgreSQL: it owns no table and bypasses nothing, so that row security holds for it and
-- the trail can only grow. Make it once:  CREATE ROLE dalil_site LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…';
-- Run this file as the owner of the tables after the first migration; later tables follow by themselves. Migrations and
-- backups run as the owner, gunicorn and `run_due` as dalil_site (its name and password in DATABASE_URL).
GRANT USAGE ON SCHEMA public TO dalil_site;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dalil_site;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO dalil_site;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dalil_site;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO dalil_site;
REVOKE UPDATE, DELETE ON referral_auditentry, referral_referralevent FROM dalil_site;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM dalil_site;
