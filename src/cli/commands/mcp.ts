import { ExitCode } from '../../core/exit-status.js';
import { errors } from '../../core/errors.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';

export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'let another agent read tasks, as an MCP server',
  usage: '[options]',
  operands: { min: 0, max: 0 },
  options: [{ flags: '--write', description: 'also let it start agents, type to them and end them' }, agentDirOption],
  examples: [
    { line: 'orch mcp', does: 'as an agent starts it: claude mcp add orch -- orch mcp' },
    { line: 'orch mcp --write', does: 'it may answer and start other agents, too' },
  ],
  run: serve,
};

async function serve(line: ParsedLine, context: CliContext): Promise<number> {
  if (context.stdin.isTTY)
    throw errors.badArgument('orch mcp is started by an agent', 'claude mcp add orch -- orch mcp');
  const { serveMcp } = await import('../mcp/serve-mcp.js');
  const { ToolWorld } = await import('../mcp/tool-world.js');
  using interrupt = interruptOf(context, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  const world = new ToolWorld(agentDirQuery(line, context), context);
  await serveMcp(world, { write: line.options.has('write') }, interrupt.signal);
  return interrupt.signal.aborted ? interrupt.exitCode : ExitCode.ok;
}
