import { button, byId, make, showItems, timeOf } from './document.ts';
import type { Recruiting } from './recruiting.ts';

interface DeadJob {
  job_id: number;
  kind: string;
  session_id: string | null;
  failures: number;
  due_at: string;
}

const kindWords: Record<string, string> = {
  process_transcript: 'A report could not be made',
  deliver_webhook: 'A webhook could not be sent',
  retain: 'What is due to be deleted could not be deleted',
};

/** Tells an owner of work that failed too often to be tried again by itself; nothing where there is none. */
export async function showFailedWork(recruiting: Recruiting, tenant: string | null): Promise<void> {
  const jobs =
    tenant === null ? [] : await recruiting.call<DeadJob[]>('dead_jobs', { p_tenant: tenant });
  byId('failed-work', HTMLElement).hidden = jobs.length === 0;
  byId('failed-work-title', HTMLElement).textContent = `Work that failed: ${jobs.length}`;
  showItems(
    byId('failed-jobs', HTMLUListElement),
    jobs.map((job) => row(job, recruiting, () => showFailedWork(recruiting, tenant))),
  );
}

function row(job: DeadJob, recruiting: Recruiting, refresh: () => Promise<void>): HTMLLIElement {
  const name = kindWords[job.kind] ?? 'Some work could not be done';
  const trouble = make('p', 'trouble');
  trouble.role = 'alert';
  const again = async (): Promise<void> => {
    await recruiting.call('retry_job', { p_job: job.job_id });
    await refresh();
    // Whoever did the last one stands where the notice was.
    if (byId('failed-work', HTMLElement).hidden) {
      document.querySelector<HTMLElement>('#places [aria-current]')?.focus();
    }
  };
  const retry = button('Try again', 'quiet', again, (words) => {
    trouble.textContent = words;
  });
  retry.ariaLabel = `Try again: ${name}, number ${job.job_id}`;
  const bar = make('div', 'row', retry);
  if (job.session_id !== null) {
    const link = make('a', 'quiet', 'Read the session');
    link.href = `#session=${job.session_id}`;
    bar.append(link);
  }
  const about = `Failed ${job.failures} times, last ${timeOf(job.due_at)}`;
  return make('li', 'entry', make('strong', 'name', name), make('p', 'note', about), bar, trouble);
}
