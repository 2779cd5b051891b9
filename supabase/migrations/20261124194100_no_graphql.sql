-- Nothing here is asked over GraphQL, and to anybody who signs up it would tell every table that members may read (Supabase's
-- linter, 0026 and 0027). The API is REST.
drop extension if exists pg_graphql;
