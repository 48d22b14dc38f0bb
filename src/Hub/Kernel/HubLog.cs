using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel;

/// <summary>Every log message of the engine: ids and codes, never personal data or free text.</summary>
internal static partial class HubLog
{
    [LoggerMessage(1, LogLevel.Warning, "A batch of {Jobs} failed as a whole; retrying one at a time")]
    public static partial void BatchRetried(ILogger log, int jobs);

    [LoggerMessage(2, LogLevel.Error, "A batch of {Jobs} failed; nothing has changed")]
    public static partial void BatchFailed(ILogger log, int jobs, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The commit of entry {Seq} failed; settling whether it took place")]
    public static partial void CommitUnknown(ILogger log, long seq, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The sweep failed; the next tick tries again")]
    public static partial void SweepFailed(ILogger log, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The sweep sent {Lapses} lapses, the latest {LateMs} ms late")]
    public static partial void Swept(ILogger log, int lapses, long lateMs);

    [LoggerMessage(6, LogLevel.Warning, "The holiday list ends on {Day}: later working days are known by weekday only")]
    public static partial void HolidaysEnd(ILogger log, string day);

    [LoggerMessage(7, LogLevel.Error, "A node's reload failed; the last known state is used")]
    public static partial void ReloadFailed(ILogger log, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The database lies behind what was acknowledged before: it was restored from a copy; new epoch")]
    public static partial void EpochChanged(ILogger log);

    [LoggerMessage(9, LogLevel.Warning, "How far the database has come could not be noted beside it")]
    public static partial void HeadNotNoted(ILogger log, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "Removed {Rows} rows that are no longer kept")]
    public static partial void Forgotten(ILogger log, int rows);

    [LoggerMessage(11, LogLevel.Error, "The entries from {Seq} on are committed but could not be published")]
    public static partial void NotPublished(ILogger log, long seq, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Whether entry {Seq} was committed cannot be read yet; asking again")]
    public static partial void NotSettled(ILogger log, long seq, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "Dispatch:Keys is not set: the other nodes on this database share {Keys} only if it is the same folder for all; otherwise a sign-in at one does not count at another")]
    public static partial void KeysNotShared(ILogger log, string keys);

    [LoggerMessage(14, LogLevel.Error, "The auditor found the case {CallNo} at version {Version} wrong: its clock acts at {Due} (Unix ms), its row says {Column}")]
    public static partial void AuditorWrong(ILogger log, string callNo, int version, long due, long column);

    [LoggerMessage(15, LogLevel.Error, "The auditor found {Found} cases wrong among {Looked} open ones and put {Repaired} right")]
    public static partial void AuditorFound(ILogger log, int found, int repaired, int looked);

    [LoggerMessage(16, LogLevel.Error, "The auditor failed; the next run tries again")]
    public static partial void AuditorFailed(ILogger log, Exception exception);

    [LoggerMessage(40, LogLevel.Warning, "{Found} unmanned hours found, {Told} told to the street; {Open} are open in the hours ahead")]
    public static partial void GapsFound(ILogger log, int found, int told, int open);

    [LoggerMessage(41, LogLevel.Error, "Looking ahead for unmanned hours failed; the next run tries again")]
    public static partial void GapsFailed(ILogger log, Exception exception);

    [LoggerMessage(42, LogLevel.Information, "The patterns made {Made} shifts, moved {Moved} and dropped {Dropped}")]
    public static partial void PatternsRun(ILogger log, int made, int moved, int dropped);

    [LoggerMessage(43, LogLevel.Error, "The patterns could not be carried on; the next run tries again")]
    public static partial void PatternsFailed(ILogger log, Exception exception);

    [LoggerMessage(20, LogLevel.Error, "The feed could not read what follows {Head}; it tries again")]
    public static partial void FeedNotRead(ILogger log, long head, Exception exception);

    [LoggerMessage(21, LogLevel.Warning, "The database is of epoch {Epoch} at {Seq}, the feed stood at {Head}: every watcher starts over")]
    public static partial void FeedStartsOver(ILogger log, string epoch, long seq, long head);

    [LoggerMessage(22, LogLevel.Warning, "Redis is away ({Why}); changes of other nodes come from the journal")]
    public static partial void RedisAway(ILogger log, string why);

    [LoggerMessage(23, LogLevel.Information, "Redis is there")]
    public static partial void RedisThere(ILogger log);

    [LoggerMessage(44, LogLevel.Warning, "Others have committed for {Seconds:F0} s and no message came from Redis: subscribing anew")]
    public static partial void BusDeaf(ILogger log, double seconds);

    [LoggerMessage(24, LogLevel.Information, "Draining: {Connections} connections are told to move")]
    public static partial void Draining(ILogger log, int connections);

    [LoggerMessage(25, LogLevel.Warning, "Who is present here could not be noted in the database; the last reading of the other nodes stays")]
    public static partial void PresenceNotNoted(ILogger log, Exception exception);

    [LoggerMessage(26, LogLevel.Error, "Who can be reached could not be looked at; the next look tries again")]
    public static partial void LookFailed(ILogger log, Exception exception);

    [LoggerMessage(27, LogLevel.Error, "The outbox could not take its turn; what is under way stays, and the next turn tries again")]
    public static partial void OutboxFailed(ILogger log, Exception exception);

    [LoggerMessage(28, LogLevel.Warning, "The message {Id} over {Channel} is dead after {Attempts} attempts: {Why}")]
    public static partial void MessageDead(ILogger log, long id, string channel, int attempts, string why);

    [LoggerMessage(29, LogLevel.Error, "The message {Id} over {Channel} could not be made")]
    public static partial void MessageFailed(ILogger log, long id, string channel, Exception exception);

    [LoggerMessage(48, LogLevel.Error, "Nothing can be written ({Why}): this node is not ready")]
    public static partial void NotReady(ILogger log, Unwritable why, Exception exception);

    [LoggerMessage(45, LogLevel.Warning, "The trigger {Trigger} had been set aside by a node that does not have its job; it goes on")]
    public static partial void TriggerRevived(ILogger log, string trigger);

    [LoggerMessage(46, LogLevel.Error, "The triggers of the shared store could not be looked at; the next look tries again")]
    public static partial void RevivalFailed(ILogger log, Exception exception);

    [LoggerMessage(47, LogLevel.Error, "What is no longer kept could not be removed; the next run tries again")]
    public static partial void ForgettingFailed(ILogger log, Exception exception);
}
