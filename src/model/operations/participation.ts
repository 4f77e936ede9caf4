import type { HostControl } from '../processes/host-control.js';

/**
 * Why the load balancer sends a host nothing: deploys that have taken it out, or its loss, when that is known. It takes part again when
 * no reason is left.
 *
 * ```
 * takes part -- a deploy begins, or the loss is known --> left out -- all deploys ended, host up --> takes part
 * ```
 */
export class Participation {
  /** Deploys that have taken it out. */
  private deploys: number;
  private isKnownLost: boolean;

  constructor(private readonly host: HostControl) {
    this.deploys = 0;
    this.isKnownLost = false;
  }

  deployBegins(): void {
    this.deploys++;
    this.tell();
  }

  /** @param isUp whether the host has come up: whoever deploys sees it if not */
  deployEnds(isUp: boolean): void {
    this.deploys--;
    this.isKnownLost = !isUp;
    this.tell();
  }

  lost(): void {
    this.isKnownLost = true;
    this.tell();
  }

  back(): void {
    this.isKnownLost = false;
    this.tell();
  }

  private tell(): void {
    this.host.takesPart(this.deploys === 0 && !this.isKnownLost);
  }
}
