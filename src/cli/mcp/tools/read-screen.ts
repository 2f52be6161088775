import { z } from 'zod';
import { frameToText } from '../../../render/pictures/print-frame.js';
import { readTask } from '../../../store/task/task-reader.js';
import { RecordedTask } from '../../../view/lines/recorded-task.js';
import { PLACES, resolvePlace } from '../../../view/places/place.js';
import { screenAt } from '../../../view/places/screen-at.js';
import { shownStatus } from '../../../view/tasks/task-status.js';
import { tool } from '../tool.js';
import { placeNamed, shownLine, taskInput } from './inputs.js';

export const readScreenTool = tool({
  name: 'read_screen',
  title: 'See the screen of a task',
  description:
    'What stands on the terminal of a task now, or stood there at its end or at a place `at`: the way to see a question that it waits with.',
  input: z.strictObject({
    task: taskInput.default('latest'),
    at: z.string().optional().describe(`a place: ${PLACES}`),
  }),
  effect: 'reads',
  call: async (given, world, signal) => {
    const place = given.at === undefined ? undefined : placeNamed('at', given.at);
    const entry = readTask(world.task(given.task));
    if (entry.type === 'unreadable') throw entry.problem;
    using recording = new RecordedTask(entry);
    const to = place === undefined ? entry.bytes : (await resolvePlace(place, recording, signal)).endOffset;
    const screen = await screenAt(recording, { to, styles: false, signal });
    screen.end();
    const { cols, rows } = screen.size;
    const printed = frameToText(screen.frame()).split('\n').map(shownLine).join('\n');
    screen.dispose();
    return { facts: { task: entry.folder.id, status: shownStatus(entry), offset: to, cols, rows }, printed };
  },
});
