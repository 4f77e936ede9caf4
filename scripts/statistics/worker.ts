/** A process of `npm run validate:statistics`: runs the jobs it is sent. */
import { type Job, runJob } from './jobs.js';

process.on('message', (job: Job) => {
  void runJob(job).then((outcome) => process.send!(outcome));
});
