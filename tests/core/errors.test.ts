import { expect, test } from 'vitest';
import { errnoCode, errors, type OrchError, reason } from '../../src/core/errors.js';

test('every text that can end a command is as it was agreed', () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write '/p'"), { code: 'ENOSPC' });
  const examples: Record<keyof typeof errors, readonly OrchError[]> = {
    agentDirForeign: [errors.agentDirForeign('/tmp/.agent')],
    agentDirIsFile: [errors.agentDirIsFile('/p/.agent')],
    agentDirSymlink: [errors.agentDirSymlink('/p/.agent')],
    agentDirUnreadable: [errors.agentDirUnreadable('/p/.agent', full)],
    agentDirUnwritable: [errors.agentDirUnwritable('/p/.agent', full)],
    archiveRefused: [errors.archiveRefused('there is no task in it')],
    asciicastUnreadable: [errors.asciicastUnreadable('its version is 9')],
    badArgument: [errors.badArgument('--dir is empty'), errors.badArgument('--dir is empty', 'name a folder')],
    badCwd: [errors.badCwd('/p', full)],
    commandNotExecutable: [errors.commandNotExecutable('./notes.txt', 'permission denied')],
    commandNotFound: [
      errors.commandNotFound('cluade'),
      errors.commandNotFound('claude', 'install it: npm i -g claude'),
    ],
    configForeign: [errors.configForeign('../orch.yml')],
    configInvalid: [errors.configInvalid('orch.yml:7:5', 'defaults.size is empty', 'it must be columns and rows')],
    configUnreadable: [errors.configUnreadable('orch.yml', full)],
    exportTooLarge: [errors.exportTooLarge('png of a screen of 4096x1024')],
    exportTooLong: [errors.exportTooLong('svg holds 3000 pictures, and there are more after 310 seconds')],
    hostDied: [errors.hostDied('task-1-1', 'was killed by SIGKILL', 137)],
    hostEndedAtStart: [errors.hostEndedAtStart('SIGKILL')],
    hostSpeaksOther: [errors.hostSpeaksOther('task-1-1', 0, 1, '0.1.0')],
    hostUnreachable: [errors.hostUnreachable('task-1-1', 'it does not answer')],
    inputDamaged: [errors.inputDamaged('/p/session.cast.gz', 'unexpected end of file')],
    inputEmpty: [errors.inputEmpty('nothing.log')],
    inputUnreadable: [errors.inputUnreadable('/p/session.cast', full)],
    logMissing: [errors.logMissing('/p/.agent/task-1-1')],
    logRemoved: [errors.logRemoved('/p/.agent/task-1-1')],
    logUnreadable: [errors.logUnreadable('/p/.agent/task-1-1/backend.log', full)],
    manualUnreadable: [errors.manualUnreadable('/p/dist/man/orch.1', full)],
    manifestUnreadable: [errors.manifestUnreadable('/p/.agent/task-1-1/task.json', 'there is none')],
    noAgentDir: [errors.noAgentDir('/p')],
    noSuchAgentDir: [errors.noSuchAgentDir('/p/recordings')],
    noSuchTask: [errors.noSuchTask('x', []), errors.noSuchTask('x', ['task-2-1', 'task-1-1'])],
    outputUnwritable: [errors.outputUnwritable('/p/run.cast', full)],
    processForeign: [errors.processForeign(7, full)],
    promptCutOff: [errors.promptCutOff()],
    ptyUnavailable: [errors.ptyUnavailable('musl', 'use glibc')],
    sendRefused: [
      ...['empty', 'too-long', 'full', 'question', 'ended'].map((why) => errors.sendRefused('task-1-1', why)),
      errors.sendRefused('task-1-1', 'character', 'U+001B at character 13'),
      errors.sendRefused('task-1-1', 'key', 'shift-enter'),
      errors.sendRefused('task-1-1', 'long-line', '5000'),
      errors.sendRefused('task-1-1', 'no-question', 'idle'),
      errors.sendRefused('task-1-1', 'a-newer-one'),
    ],
    sendCutOff: [errors.sendCutOff('task-1-1')],
    spawnFailed: [errors.spawnFailed('claude', full)],
    taskForeign: [errors.taskForeign('/p/.agent/task-1-1')],
    taskHalfRemoved: [errors.taskHalfRemoved('task-1-1', '/p/.agent/.gone-task-1-1-*', full)],
    taskStays: [errors.taskStays('task-1-1', 'it runs', 'orch rm --stop task-1-1 ends it first')],
    taskSymlink: [errors.taskSymlink('/p/.agent/task-1-1')],
    taskNotHosted: [errors.taskNotHosted('task-1-1')],
    taskNotResumable: [errors.taskNotResumable('task-1-1', 'it still runs', 'orch attach task-1-1')],
    taskNotRunning: [errors.taskNotRunning('task-1-1', 'it is done')],
    taskAmbiguous: [errors.taskAmbiguous('task', ['task-2-1', 'task-1-1'])],
    timingUnreadable: [errors.timingUnreadable('line 3 is not a record of script(1)')],
    unknownBackend: [errors.unknownBackend('', ['claude', 'demo']), errors.unknownBackend('x', ['claude', 'demo'])],
  };
  const lines = Object.values(examples).flatMap((list) =>
    list.map(({ code, exitCode, message, fix }) => `${code} ${exitCode}\n    ${message}\n    ${fix ?? '-'}`),
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "AGENT_DIR_FOREIGN 2
        /tmp/.agent belongs to another user, who could read or change what is recorded there
        name a folder of your own with --dir or ORCH_DIR, or this one if you trust its owner
    AGENT_DIR_IS_FILE 2
        /p/.agent is a file, but recordings need a folder there
        move it away, or name another folder with --dir or ORCH_DIR
    AGENT_DIR_SYMLINK 2
        /p/.agent is a symbolic link, and recordings are never written through one
        name the folder it points to with --dir or ORCH_DIR
    AGENT_DIR_UNREADABLE 1
        /p/.agent cannot be read: ENOSPC: no space left on device
        fix its permissions, or name another folder with --dir or ORCH_DIR
    AGENT_DIR_UNWRITABLE 1
        /p/.agent cannot be written: ENOSPC: no space left on device
        fix its permissions or free space, or name another folder with --dir or ORCH_DIR
    ARCHIVE_REFUSED 4
        the archive was not imported: there is no task in it
        make it with orch export --format tar, and copy it whole
    ASCIICAST_UNREADABLE 4
        this asciicast cannot be read: its version is 9
        asciinema convert can convert it to version 2
    BAD_ARGUMENT 2
        --dir is empty
        -
    BAD_ARGUMENT 2
        --dir is empty
        name a folder
    BAD_CWD 1
        cannot work in /p: ENOSPC: no space left on device
        start it in a folder that exists and that you may enter
    COMMAND_NOT_EXECUTABLE 126
        ./notes.txt cannot be executed: permission denied
        chmod +x it, or name its interpreter in front of it
    COMMAND_NOT_FOUND 127
        cluade: no such command
        check the spelling, or give its whole path
    COMMAND_NOT_FOUND 127
        claude: no such command
        install it: npm i -g claude
    CONFIG_FOREIGN 2
        ../orch.yml belongs to another user, who could make you run anything
        if you trust them, chown it or copy it nearer to here; an empty orch.yml nearer to here also ends the search
    CONFIG_INVALID 2
        orch.yml:7:5: defaults.size is empty
        it must be columns and rows
    CONFIG_UNREADABLE 2
        orch.yml cannot be read: ENOSPC: no space left on device
        fix it, or move it away
    EXPORT_TOO_LARGE 2
        png of a screen of 4096x1024 would be too large a picture
        use --format svg or html
    EXPORT_TOO_LONG 2
        svg holds 3000 pictures, and there are more after 310 seconds
        export less with --from and --to, or shorten pauses with --idle-limit
    HOST_DIED 137
        the host of task-1-1 was killed by SIGKILL: nothing more is recorded, and the agent has lost its terminal
        read it with orch logs task-1-1; orch stop task-1-1 ends what is left of it
    SPAWN_FAILED 1
        the host of a task was ended by SIGKILL before its agent ran
        start it again; SIGKILL may have come from a system without memory
    HOST_SPEAKS_OTHER 1
        task-1-1 is run by orch 0.1.0, which speaks version 0 of the protocol of hosts; this one speaks 1
        watch it with orch logs -f task-1-1, or attach with that version
    HOST_UNREACHABLE 1
        the host of task-1-1 cannot be reached: it does not answer
        watch it with orch logs -f task-1-1; orch stop task-1-1 ends it
    INPUT_UNREADABLE 4
        /p/session.cast.gz is damaged: unexpected end of file
        copy it again, or recover what is readable with gzip -dc
    INPUT_UNREADABLE 4
        nothing.log is empty
        name a recording, or pipe in what a program printed
    INPUT_UNREADABLE 1
        /p/session.cast cannot be read: ENOSPC: no space left on device
        name a raw log, a typescript or an asciicast, or pipe one in
    LOG_UNREADABLE 4
        /p/.agent/task-1-1 holds no recording: backend.log is missing
        orch show prints what else the task holds
    LOG_UNREADABLE 4
        /p/.agent/task-1-1 was removed while orch read it
        orch ls prints what is left
    LOG_UNREADABLE 4
        /p/.agent/task-1-1/backend.log cannot be read: ENOSPC: no space left on device
        orch show prints what else the task holds
    INPUT_UNREADABLE 1
        /p/dist/man/orch.1 cannot be read: ENOSPC: no space left on device
        install orch again; orch COMMAND --help has the same text
    MANIFEST_UNREADABLE 4
        /p/.agent/task-1-1/task.json is not a manifest that this orch can read: there is none
        the recording beside it is untouched; a newer orch may be able to read it
    NO_AGENT_DIR 3
        no .agent folder in /p or above it
        record something first (orch run -b demo), or name the folder with --dir or ORCH_DIR
    NO_AGENT_DIR 3
        /p/recordings does not exist
        check --dir and ORCH_DIR: orch run makes the folder, the other commands only read it
    NO_SUCH_TASK 3
        no task x: nothing is recorded here yet
        record something first: orch run -b demo
    NO_SUCH_TASK 3
        no task x
        orch ls lists tasks; the newest: task-2-1, task-1-1
    OUTPUT_UNWRITABLE 1
        /p/run.cast cannot be written: ENOSPC: no space left on device
        fix its permissions or free space, or name another file with -o
    PROCESS_FOREIGN 1
        process 7 belongs to another user, and only that user may end it
        run orch stop as that user, or as root
    SPAWN_FAILED 1
        a prompt did not arrive whole: the orch that handed it over has ended
        start it again
    PTY_UNAVAILABLE 1
        no pseudo-terminal can be opened: musl
        use glibc
    SEND_REFUSED 2
        nothing was sent: there is no text
        to press Enter alone: --keys enter
    SEND_REFUSED 2
        nothing was sent: the text is longer than 16 MiB
        put it into a file, and send the name of that
    SEND_REFUSED 2
        nothing was sent: task-1-1 has not taken yet what others have sent
        send it again when it has read more
    SEND_REFUSED 2
        nothing was sent: task-1-1 waits for your answer
        read its question with orch logs --screen task-1-1; to answer it: orch send --answer task-1-1
    SEND_REFUSED 2
        nothing was sent: the run of task-1-1 has ended
        read it with orch logs task-1-1
    SEND_REFUSED 2
        nothing was sent: the text holds U+001B at character 13, which a terminal takes for a key
        keys are pressed by --keys; orch render makes plain text of what a program has coloured
    SEND_REFUSED 2
        nothing was sent: a terminal has no bytes for the key shift-enter
        the names of keys are in orch send --help
    SEND_REFUSED 2
        nothing was sent: a line of it has 5000 bytes, and the terminal of task-1-1 cuts longer ones than it can hold
        break the line, or put the text into a file, and send the name of that
    SEND_REFUSED 2
        nothing was sent: task-1-1 waits for no answer: it is idle
        what is no answer is sent without --answer
    SEND_REFUSED 2
        nothing was sent: its host says a-newer-one
        orch show task-1-1 says which version of orch it is of
    SEND_REFUSED 1
        task-1-1 ended while the text was being typed
        read what it made of it with orch logs task-1-1
    SPAWN_FAILED 1
        claude could not be started: ENOSPC: no space left on device
        check the limits on processes, memory and open files (ulimit -a)
    TASK_FOREIGN 1
        /p/.agent/task-1-1 belongs to another user, and only that user may remove it
        remove it as that user
    TASK_STAYS 1
        task-1-1 could not be removed whole: ENOSPC: no space left on device
        fix the permissions in what is left, /p/.agent/.gone-task-1-1-*, and remove that
    TASK_STAYS 1
        task-1-1 stays: it runs
        orch rm --stop task-1-1 ends it first
    TASK_SYMLINK 2
        /p/.agent/task-1-1 is a symbolic link, and nothing is removed through one
        remove the link with rm, or the task it points to where that is recorded, with --dir
    HOST_UNREACHABLE 2
        task-1-1 takes no clients: its socket could not be made (its task.log says why), or it is recorded by a program that uses the library, or by an orch before this
        watch it with orch logs -f task-1-1
    TASK_NOT_RESUMABLE 2
        task-1-1 cannot be resumed: it still runs
        orch attach task-1-1
    TASK_NOT_RUNNING 2
        task-1-1 does not run: it is done
        read it with orch logs task-1-1 or orch replay task-1-1
    TASK_AMBIGUOUS 2
        task could mean any of: task-2-1, task-1-1
        give more of the id
    TIMING_UNREADABLE 4
        this timing file cannot be read: line 3 is not a record of script(1)
        name the one that script(1) wrote with the typescript, or leave --timing out
    UNKNOWN_BACKEND 2
        there is no backend ''
        use one of: claude, demo; or run any command with: orch run -- COMMAND
    UNKNOWN_BACKEND 2
        there is no backend x
        use one of: claude, demo; or run any command with: orch run -- COMMAND"
  `);
});

test('a system error is told in the words of its code, anything else in its own', () => {
  expect(reason(new Error("EACCES: permission denied, open '/secret'"))).toBe('EACCES: permission denied');
  expect(reason(new Error('odd'))).toBe('odd');
  expect(reason('text')).toBe('text');
});

test('only the system has errno codes, not our own errors', () => {
  expect(errnoCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect(errnoCode(errors.noAgentDir('/p'))).toBeUndefined();
  expect(errnoCode(new Error('x'))).toBeUndefined();
  expect(errnoCode({ code: 'ENOENT' })).toBeUndefined();
});
