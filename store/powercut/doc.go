// Package powercut pulls the plug on a session a thousand times and looks
// whether a ballot that was answered "ĐÃ GHI" is still there.
//
// It is a test bench, part of no program. kill -9 proves nothing about power: the
// kernel still holds what the process wrote. So a writer, the real store, journal
// and room holding a session, runs under a recorder (testdata/recorder.c, put
// before libc by LD_PRELOAD) that writes down every write, truncation, sync,
// creation, removal and renaming SQLite asks for, in order, together with the
// writer's own marks: what it asked, what it was answered. [ReadTrace] reads that;
// [Disk] replays it up to any point and [Disk.Cut] says what a disk may hold if
// the power goes there. The tests open that folder with the real code.
//
// # What is modelled
//
//   - The page cache. A write changes pages of 4096 bytes in memory; a sync that
//     succeeded brings them to disk. Between two syncs a page may have reached
//     the disk in any of the states it went through, and pages independently of
//     each other; or torn, each sector of 512 bytes in another of these states.
//   - A sync that failed. Linux marks the pages it covered clean although they
//     may not be on disk, and goes on serving them from memory: no later sync
//     writes them, unless they are written to again. The size of the file stays
//     open until the next sync that succeeds.
//   - Names. That a file was created, removed or renamed is on disk only after a
//     sync of the folder; before it, each may or may not have happened.
//   - The size of a file: any it had since its last sync. What was never written
//     reads as zeros.
//   - The shared-memory index (-shm) needs no durability; after a cut it is
//     missing or rubbish.
//   - A full disk, and a sync that fails, when the writer asks the recorder for it.
//
// # What is not
//
//   - A disk that lies: one that reports a sync done before it is, loses sectors
//     it had, or tears within 512 bytes. Against that only the backup helps.
//   - Memory pressure: after a failed sync the kernel may throw away the page and
//     the writer then reads what is on disk. Here it always reads what it wrote.
//   - One file system: ext4, XFS and others promise more than is assumed here
//     (a new file synced is usually found under its name), none less, as far as
//     we know. File systems that give stale bytes instead of zeros are not covered.
//   - Writes of Go itself. They are system calls without libc, so the recorder
//     sees neither store.WriteFile (keys, documents) nor an fsync made through
//     package os. The key is therefore taken as durable here, and an fsync by os
//     as not made, which errs on the side of more losses. The order of the calls
//     of store.WriteFile is to be shown with strace.
//
// # Why it can be believed
//
// The bench must find losses where there are some. The tests plant three faults,
// synchronous=NORMAL, a reopening without the checkpoint after a failed sync, and
// ballots without n, and fail if the bench does not report each of them.
//
// It has found one by itself. wal_checkpoint(TRUNCATE) brings the database to
// disk, but not the emptying of the write-ahead log: after a failed sync the old
// log could come back, cut short, over the newer database, and take with it what
// had been answered from there. Hence the small commit after the checkpoint
// (TestAnsweredFromTheLogAfterRecovery).
package powercut
