/** How often a target looks whether it stood still (ms). */
export const pulseMs = 10;
/** A target does not tell that it stood still for less (ms). */
export const untoldMs = 25;
