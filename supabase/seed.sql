-- A demonstration for local stacks: one tenant, one key, two interviews. Never run it against a shared project: the key
-- below is public. Running it twice changes nothing.
--
-- Accounts are made by Auth, not here. Make a signed-up user a member with
--   select public.add_tenant_member('recruiter@northwind.test', 'test-tenant', 'recruiter');

insert into public.tenants (id, external_id, name, allowed_origins)
values (
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a01',
  'test-tenant',
  'Northwind',
  array['http://localhost:3000', 'http://127.0.0.1:3000']
)
on conflict (id) do nothing;

insert into public.tenant_api_keys (id, tenant_id, name, key_hash, scopes)
values (
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a02',
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a01',
  'Local demonstration',
  encode(sha256(convert_to('ik_local_demo_key_0000000000000000000000000000', 'UTF8')), 'hex'),
  array['sessions:start', 'invitations:write', 'transcripts:read']
)
on conflict (id) do nothing;

insert into public.interviews (
  id, tenant_id, external_id, title, language, duration_s, modes, account_required,
  inviter, decider, retention, next_steps, adjustment, consents, plan
)
values (
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a03',
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a01',
  'product-designer',
  'Product designer',
  'en',
  1200,
  array['voice', 'text'],
  false,
  'Dana Reyes, Northwind',
  'Dana Reyes and the design team read the conversation and decide. The AI rates nothing.',
  'The transcript is kept for six months and then deleted. No audio is kept.',
  'You hear from Northwind within five working days.',
  'You can ask for more time, another format or a person, without giving a reason and without penalty.',
  $json$[
    {
      "purpose": "processing",
      "version": "2026-11",
      "text": "An AI will interview me. Northwind and its processors transcribe what I say and store the transcript. People at Northwind read it and decide. My emotions, accent and face are not analysed. I can stop or ask for a person at any time, without penalty.",
      "required": true
    },
    {
      "purpose": "other_roles",
      "version": "2026-11",
      "text": "Northwind may also use this conversation to consider me for other roles during the next six months.",
      "required": false
    }
  ]$json$::jsonb,
  $json${
    "greeting": "Hello, and welcome. I am an AI interviewer, and I talk with you for Northwind today. Pauses are fine, and I can repeat any question. Are you ready to begin?",
    "questions": [
      {
        "id": "recent_work",
        "text": "Tell me about a product you designed recently. What problem did it solve, and what was your own part in it?",
        "simpler_text": "Which product did you design lately, and what did you do yourself?",
        "max_probes": 2,
        "budget_s": 220
      },
      {
        "id": "research",
        "text": "How do you find out what people need before you design something? Please give me one example from your work.",
        "simpler_text": "How did you once find out what people needed?",
        "max_probes": 2,
        "budget_s": 200
      },
      {
        "id": "disagreement",
        "text": "Tell me about a time when an engineer or a manager disagreed with your design. What did you do?",
        "simpler_text": "Someone at work disagreed with your design. What did you do?",
        "max_probes": 2,
        "budget_s": 200
      },
      {
        "id": "decision",
        "text": "Describe a design decision that you had to make with little time or little information. How did you decide?",
        "simpler_text": "When did you have to decide quickly, and how did you do it?",
        "max_probes": 2,
        "budget_s": 200
      },
      {
        "id": "lesson",
        "text": "Tell me about a design that did not work as you had hoped. What did you learn from it?",
        "simpler_text": "Which design of yours did not work, and what did you learn?",
        "max_probes": 2,
        "budget_s": 200
      }
    ],
    "candidate_qa_text": "Thank you, those were all my questions. What would you like to ask about the role, or about what happens next?",
    "facts": [
      {
        "id": "team",
        "topic": "Team",
        "text": "The design team has eight people and works closely with engineering."
      },
      {
        "id": "place",
        "topic": "Place of work",
        "text": "The role is remote within Europe, with a week together every quarter."
      },
      {
        "id": "process",
        "topic": "Next steps",
        "text": "After this conversation there is one talk with the team and one with the head of design."
      }
    ],
    "closing_text": "Thank you for your time. A person at Northwind will read our conversation, and you will hear from them within five working days. Goodbye.",
    "time_up_text": "Our time is up, so we stop here. Everything you said is stored, and Northwind will write to you within five working days. Thank you, and goodbye."
  }$json$::jsonb
)
on conflict (id) do nothing;

-- What a backend starts that names no interview: to see that everything works, without a candidate whose consent would be
-- needed.
insert into public.interviews (
  id, tenant_id, external_id, title, language, duration_s, modes, account_required,
  inviter, decider, retention, next_steps, adjustment, consents, plan
)
values (
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a04',
  '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a01',
  'system-check',
  'System check',
  'en',
  300,
  array['voice', 'text'],
  false,
  'Northwind',
  'Nobody decides anything by this conversation. It shows whether the system works.',
  'The transcript is kept like that of an interview, until somebody deletes it.',
  'Nothing follows from it.',
  'Nothing here needs an adjustment. Stop whenever you like.',
  '[]'::jsonb,
  $json${
    "greeting": "Hello. I am an AI interviewer, and this is a check of the system. Do you hear me well?",
    "questions": [
      {
        "id": "sound",
        "text": "Please say a few sentences about the place where you are.",
        "simpler_text": "Where are you right now?",
        "max_probes": 0,
        "budget_s": 60
      },
      {
        "id": "interruption",
        "text": "Please count slowly from one to ten, so that we see whether pauses are left alone.",
        "simpler_text": "Please count slowly to ten.",
        "max_probes": 0,
        "budget_s": 60
      }
    ],
    "candidate_qa_text": "That was all. Is there anything that you would like to try?",
    "facts": [],
    "closing_text": "Thank you. The check is done. Goodbye.",
    "time_up_text": "The time of this check is up. Thank you, and goodbye."
  }$json$::jsonb
)
on conflict (id) do nothing;

-- A demonstration that was seeded before it could be held in writing.
update public.interviews
set modes = array['voice', 'text']
where id = '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a03' and modes = array['voice'];

update public.tenants
set default_interview_id = '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a04'
where id = '0b0e4f6a-6c1e-4f0b-9a51-6f1d2c3b4a01' and default_interview_id is null;
