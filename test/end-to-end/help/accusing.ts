/** A scenario that causes one of these besides what it says has caught somebody innocent. */
export const accusing = [
  ...[
    'speeding',
    'fatigue',
    'off-route',
    'door-open',
    'coasting',
    'overload',
    'emergency',
    'crash-suspected',
  ],
  ...[
    'harsh-braking',
    'harsh-acceleration',
    'power-cut',
    'driver-change-doubtful',
    'antenna-open',
    'antenna-short',
  ],
]
