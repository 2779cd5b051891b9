import { InterviewDefinition } from '@interview/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { consents, makeTenant, makeUser, plan, startSession, type Tenant } from './world.ts';

let database: Database;
let tenant: Tenant;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
});

const rubric = {
  competencies: [
    {
      id: 'craft',
      label: 'Craft',
      job_link: 'Designs are built as they are drawn.',
      question_ids: ['first'],
      anchors: { 1: 'Names no part of their own.', 3: 'Names it.', 5: 'Says why it was right.' },
    },
  ],
};
const definition = {
  title: 'Engineer',
  language: 'en',
  duration_s: 900,
  modes: ['voice', 'text'],
  account_required: false,
  inviter: 'Dana Reyes',
  decider: 'People decide.',
  retention: 'Six months.',
  next_steps: 'Within a week.',
  adjustment: 'Just ask.',
  consents,
  plan,
  rubric,
};
interface Saved {
  id: string;
  version: number;
  edits: number;
  made: string;
}
/** Saves as the tenant's recruiter; without an interview a new one. */
const save = (changed: object, interview: string | null = null, more: object = {}) =>
  database.rpcAs({ user: tenant.recruiter }, 'save_plan', {
    p_tenant: tenant.id,
    p_interview: interview,
    p_definition: changed,
    ...more,
  }) as Promise<Saved>;
const rowOf = async (id: string) =>
  (await database.sql('select * from public.interviews where id = $1', id))[0] ?? {};
/** Makes the tenant's interview one that a candidate was asked. */
async function used(id: string): Promise<void> {
  await startSession(database, { ...tenant, interview: id });
}

describe('save_plan', () => {
  it('makes a plan that candidates can be invited to', async () => {
    const made = await save({ ...definition, external_id: 'engineer' });
    expect(made).toMatchObject({ version: 1, edits: 0, made: 'plan' });
    expect(await rowOf(made.id)).toMatchObject({
      external_id: 'engineer',
      modes: ['voice', 'text'],
      plan,
      rubric,
      consents,
      copied_from: null,
    });
    await startSession(database, { ...tenant, interview: made.id });
  });

  it('changes one that nobody was asked yet, and takes away what is no longer named', async () => {
    const { id } = await save({ ...definition, external_id: 'engineer' });
    const { rubric: _, ...rest } = definition;
    expect(await save({ ...rest, duration_s: 1200 }, id)).toEqual({
      id,
      version: 1,
      edits: 1,
      made: 'change',
    });
    expect(await rowOf(id)).toMatchObject({ duration_s: 1200, rubric: null, external_id: null });
  });

  it.each([
    ['questions', { plan: { ...plan, greeting: 'Good day.' } }],
    ['rubric', { rubric: { competencies: [{ ...rubric.competencies[0], label: 'Skill' }] } }],
    ['language', { language: 'de' }],
    ['time', { duration_s: 901 }],
  ])('makes a new version of one that was used when its %s change', async (_what, change) => {
    const first = await save({ ...definition, external_id: 'engineer' });
    await used(first.id);
    await database.sql(
      'update public.tenants set default_interview_id = $2 where id = $1',
      tenant.id,
      first.id,
    );
    const second = await save({ ...definition, external_id: 'engineer', ...change }, first.id);
    expect(second).toMatchObject({ version: 2, edits: 0, made: 'version' });
    expect(await rowOf(first.id)).toMatchObject({ plan, rubric, duration_s: 900, language: 'en' });
    expect((await rowOf(first.id))['archived_at']).not.toBeNull();
    expect(await rowOf(second.id)).toMatchObject({
      ...change,
      copied_from: first.id,
      used_at: null,
      external_id: 'engineer',
    });
    const [held] = await database.sql(
      'select default_interview_id as id from public.tenants where id = $1',
      tenant.id,
    );
    expect(held?.['id']).toBe(second.id);
  });

  it('changes the other texts of one that was used where they stand', async () => {
    const { id } = await save(definition);
    await used(id);
    const saved = await save({ ...definition, next_steps: 'Within two weeks.' }, id);
    expect(saved).toMatchObject({ id, version: 1, made: 'change' });
  });

  it('numbers versions once, also where two are made of different ones at the same moment', async () => {
    const first = await save(definition);
    await used(first.id);
    const second = await save({ ...definition, duration_s: 100 }, first.id);
    await used(second.id);
    const saved = await Promise.all(
      [first, second, first, second].map(({ id }, index) =>
        save({ ...definition, duration_s: 200 + index }, id),
      ),
    );
    expect(saved.map(({ version }) => version).sort()).toEqual([3, 4, 5, 6]);
  });

  it('tells all but the first of those who edit at once', async () => {
    const { id, edits } = await save(definition);
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        save({ ...definition, title: `Mine ${index}` }, id, { p_edits: edits }),
      ),
    );
    expect(saved.filter(({ made }) => made === 'change')).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ edits: 1 });
  });

  it('refuses an id that another plan has', async () => {
    await save({ ...definition, external_id: 'engineer' });
    const again = await save({ ...definition, external_id: 'engineer' });
    expect(again).toEqual({ error: 'bad_request', field: 'external_id' });
  });

  it('is for owners and recruiters of the tenant', async () => {
    const other = await makeTenant(database, 'contoso');
    const { id } = await save(definition);
    for (const user of [other.owner, tenant.reviewer, await makeUser(database)]) {
      for (const interview of [id, null]) {
        const args = { p_tenant: tenant.id, p_interview: interview, p_definition: definition };
        expect(await database.rpcAs({ user }, 'save_plan', args)).toEqual({ error: 'forbidden' });
      }
      for (const name of ['duplicate_plan', 'archive_plan', 'approve_rubric']) {
        const answer = await database.rpcAs({ user }, name, { p_interview: id });
        expect(answer).toEqual({ error: 'forbidden' });
      }
    }
    // Whose plan it is counts, not the tenant that is named.
    const args = { p_tenant: other.id, p_interview: id, p_definition: definition };
    expect(await database.rpcAs({ user: other.owner }, 'save_plan', args)).toEqual({
      error: 'forbidden',
    });
  });
});

const [question, next] = plan.questions;
const [competency] = rubric.competencies;
const [consent] = consents;
/** Each with the field that is told. */
const wrong: [string, object][] = [
  ['title', { title: '' }],
  ['title', { title: 'x'.repeat(501) }],
  ['title', { title: 7 }],
  ['language', { language: 'english!' }],
  ['duration_s', { duration_s: 59 }],
  ['duration_s', { duration_s: 90.5 }],
  ['duration_s', { duration_s: '900' }],
  ['modes', { modes: [] }],
  ['modes', { modes: ['video'] }],
  ['account_required', { account_required: 'no' }],
  ['external_id', { external_id: 'a b' }],
  ['consents.0.purpose', { consents: [{ ...consent, purpose: 'Über' }] }],
  ['consents.0.url', { consents: [{ ...consent, url: 'javascript:alert(1)' }] }],
  ['consents.0.required', { consents: [{ ...consent, required: undefined }] }],
  ['plan.greeting', { plan: { ...plan, greeting: '' } }],
  ['plan.greeting', { plan: { ...plan, greeting: '🙂'.repeat(2001) } }],
  ['plan.questions', { plan: { ...plan, questions: [] } }],
  ['plan.questions.1.text', { plan: { ...plan, questions: [question, { ...next, text: 1 }] } }],
  ['plan.questions.0.id', { plan: { ...plan, questions: [{ ...question, id: 'A' }] } }],
  [
    'plan.questions.0.max_probes',
    { plan: { ...plan, questions: [{ ...question, max_probes: 6 }] } },
  ],
  ['plan.questions.0.budget_s', { plan: { ...plan, questions: [{ ...question, budget_s: 9 }] } }],
  ['plan.facts.0.text', { plan: { ...plan, facts: [{ id: 'a', topic: 'b', text: '' }] } }],
  ['rubric.competencies.0.anchors', { rubric: { competencies: [{ ...competency, anchors: {} }] } }],
  [
    'rubric.competencies.0.question_ids',
    { rubric: { competencies: [{ ...competency, question_ids: ['none'] }] } },
  ],
];

describe('what a plan may hold', () => {
  it('is judged alike by the page and by the database', async () => {
    for (const [field, change] of wrong) {
      const given = { ...definition, ...change };
      expect([field, await save(given)]).toEqual([field, { error: 'bad_request', field }]);
      const paths = InterviewDefinition.safeParse(given).error?.issues.map(({ path }) =>
        path.map(String).join('.'),
      );
      expect([field, paths?.some((path) => path.startsWith(field))]).toEqual([field, true]);
    }
    const twice = { ...definition, plan: { ...plan, questions: [question, question] } };
    expect(await save(twice)).toEqual({ error: 'bad_request', field: 'plan.questions' });
    expect(InterviewDefinition.safeParse(twice).success).toBe(false);
    const unknown = { ...definition, plan: { ...plan, questions: [{ ...question, secret: 'x' }] } };
    expect(await save(unknown)).toEqual({ error: 'bad_request', field: 'plan.questions.0' });
    expect(InterviewDefinition.safeParse(unknown).success).toBe(false);
    for (const nothing of [null, [], '"x"', 1, {}]) {
      expect(await save(nothing as object)).toMatchObject({ error: 'bad_request' });
    }
  });

  it('reaches its bounds', async () => {
    const questions = Array.from({ length: 50 }, (_, index) => ({
      id: `q${index}`,
      text: '🙂'.repeat(2000),
      simpler_text: 'x'.repeat(2000),
      max_probes: 5,
      budget_s: 14_400,
    }));
    const large = {
      ...definition,
      title: 'x'.repeat(500),
      duration_s: 14_400,
      plan: { ...plan, questions },
      rubric: { competencies: [{ ...competency, question_ids: ['q0', 'q49'] }] },
    };
    expect(InterviewDefinition.safeParse(large).success).toBe(true);
    expect(await save(large)).toMatchObject({ made: 'plan' });
  });
});

describe('duplicate_plan', () => {
  it('begins another plan with the same content', async () => {
    const first = await save({ ...definition, external_id: 'engineer' });
    await used(first.id);
    const as = { user: tenant.recruiter };
    const copy = (await database.rpcAs(as, 'duplicate_plan', { p_interview: first.id })) as Saved;
    const made = await rowOf(copy.id);
    expect(made).toMatchObject({
      title: 'Engineer (copy)',
      plan,
      rubric,
      version: 1,
      copied_from: first.id,
      used_at: null,
      external_id: null,
    });
    expect(made['series_id']).not.toBe((await rowOf(first.id))['series_id']);
  });
});

describe('archive_plan', () => {
  it('offers it no longer, and offers it again', async () => {
    const { id } = await save(definition);
    const as = { user: tenant.recruiter };
    const invite = () => database.rpcAs(as, 'create_invitation', { p_interview: id });
    await database.rpcAs(as, 'archive_plan', { p_interview: id });
    expect(await invite()).toEqual({ error: 'unsupported' });
    await database.rpcAs(as, 'archive_plan', { p_interview: id, p_archived: false });
    expect(await invite()).toHaveProperty('token');
  });
});

describe('a rubric', () => {
  const approve = (user: string, id: string) =>
    database.rpcAs({ user }, 'approve_rubric', { p_interview: id });

  it('is approved by an owner, by name, until it is changed', async () => {
    const { id } = await save(definition);
    expect(await approve(tenant.recruiter, id)).toEqual({ error: 'forbidden' });
    expect(await approve(tenant.owner, id)).toEqual({ ok: true });
    expect(await rowOf(id)).toMatchObject({ rubric_approved_by: tenant.owner });
    await save({ ...definition, title: 'Lead' }, id);
    expect(await rowOf(id)).toMatchObject({ rubric_approved_by: tenant.owner });
    const changed = { competencies: [{ ...competency, label: 'Skill' }] };
    await save({ ...definition, rubric: changed }, id);
    expect(await rowOf(id)).toMatchObject({ rubric_approved_by: null, rubric_approved_at: null });
    expect(await approve(tenant.owner, tenant.interview)).toEqual({ error: 'unsupported' });
  });
});

describe('a plan that was used', () => {
  it.each([
    ['rubric', `rubric = '{"competencies": []}'`],
    ['version', 'version = 7'],
    ['series', 'series_id = gen_random_uuid()'],
    ['approval', 'rubric_approved_at = null, rubric_approved_by = null'],
    ['time', 'duration_s = 61'],
  ])('keeps its %s even for the owner of the database', async (_what, change) => {
    const { id } = await save(definition);
    await database.rpcAs({ user: tenant.owner }, 'approve_rubric', { p_interview: id });
    await used(id);
    const statement = `update public.interviews set ${change} where id = $1`;
    await expect(database.sql(statement, id)).rejects.toMatchObject({ code: '23001' });
  });

  it('is not deleted, but goes with its tenant', async () => {
    const { id } = await save(definition);
    const { id: unused } = await save(definition);
    await used(id);
    const remove = (interview: string) =>
      database.as('service', 'delete from public.interviews where id = $1', interview);
    await expect(remove(id)).rejects.toMatchObject({ code: '23001' });
    await remove(unused);
    await database.sql('delete from public.tenants where id = $1', tenant.id);
    expect(await rowOf(id)).toEqual({});
  });
});
