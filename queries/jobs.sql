-- name: JobInsert :exec
INSERT INTO jobs (id, title, company_name, location, employment_type, salary_currency, salary_min, salary_max,
                  description, requirements, responsibilities, benefits, job_url)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);
