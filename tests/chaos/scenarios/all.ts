import type { Scenario } from '../scenario.ts';
import { DEATHS } from './deaths.ts';
import { PEOPLE_TROUBLES } from './people-troubles.ts';
import { POD_TROUBLES } from './pod-troubles.ts';
import { STORE_TROUBLES } from './store-troubles.ts';

export const SCENARIOS: readonly Scenario[] = [...DEATHS, ...POD_TROUBLES, ...STORE_TROUBLES, ...PEOPLE_TROUBLES];
