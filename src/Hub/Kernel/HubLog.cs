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

    [LoggerMessage(3, LogLevel.Error, "The commit of entry {Seq} failed; checking whether it took effect")]
    public static partial void CommitUnknown(ILogger log, long seq, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The sweep failed; the next tick retries")]
    public static partial void SweepFailed(ILogger log, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The sweep sent {Lapses} lapses, the latest {LateMs} ms late")]
    public static partial void Swept(ILogger log, int lapses, long lateMs);

    [LoggerMessage(6, LogLevel.Warning, "The holiday list ends on {Day}: after that, only weekends count as days off")]
    public static partial void HolidaysEnd(ILogger log, string day);

    [LoggerMessage(7, LogLevel.Error, "Reloading a node's caches failed; keeping the last known state")]
    public static partial void ReloadFailed(ILogger log, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "Epoch {Epoch} begins at {Seq}: open pages read everything again")]
    public static partial void EpochBegun(ILogger log, string epoch, long seq);

    [LoggerMessage(10, LogLevel.Information, "Deleted {Rows} expired rows")]
    public static partial void Forgotten(ILogger log, int rows);

    [LoggerMessage(11, LogLevel.Error, "The entries from {Seq} on are committed but could not be published")]
    public static partial void NotPublished(ILogger log, long seq, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Cannot check yet whether entry {Seq} was committed; retrying")]
    public static partial void NotSettled(ILogger log, long seq, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "Dispatch:Keys is not set. Unless all nodes on this database share the folder {Keys}, this one will not start beside the others")]
    public static partial void KeysNotShared(ILogger log, string keys);

    [LoggerMessage(17, LogLevel.Error, "The audit chain goes on under a key that has not signed before, {Fingerprint}. If nobody has changed Dispatch:ChainKey on purpose, find out why")]
    public static partial void ChainKeyChanged(ILogger log, string fingerprint);

    [LoggerMessage(18, LogLevel.Error, "The database holds less of the audit chain than this node has noted: link {Noted} is missing or another one. It was restored, or something was cut off")]
    public static partial void ChainBehind(ILogger log, long noted);

    [LoggerMessage(19, LogLevel.Warning, "Could not note the end of the audit chain beside the database")]
    public static partial void ChainNotNoted(ILogger log, Exception exception);

    [LoggerMessage(14, LogLevel.Error, "The auditor found case {CallNo} at version {Version} inconsistent: its clock acts at {Due} (Unix ms), its row says {Column}")]
    public static partial void AuditorWrong(ILogger log, string callNo, int version, long due, long column);

    [LoggerMessage(15, LogLevel.Error, "The auditor found {Found} inconsistent cases among {Looked} open ones and repaired {Repaired}")]
    public static partial void AuditorFound(ILogger log, int found, int repaired, int looked);

    [LoggerMessage(16, LogLevel.Error, "The auditor failed; the next run retries")]
    public static partial void AuditorFailed(ILogger log, Exception exception);

    [LoggerMessage(40, LogLevel.Warning, "Found {Found} unmanned hours, reported {Told} to the street; {Open} are still open")]
    public static partial void GapsFound(ILogger log, int found, int told, int open);

    [LoggerMessage(41, LogLevel.Error, "The check for unmanned hours failed; the next run retries")]
    public static partial void GapsFailed(ILogger log, Exception exception);

    [LoggerMessage(42, LogLevel.Information, "The patterns generated {Made} shifts, moved {Moved} and dropped {Dropped}")]
    public static partial void PatternsRun(ILogger log, int made, int moved, int dropped);

    [LoggerMessage(43, LogLevel.Error, "Could not extend the patterns; the next run retries")]
    public static partial void PatternsFailed(ILogger log, Exception exception);

    [LoggerMessage(20, LogLevel.Error, "The feed could not read the entries after {Head}; retrying")]
    public static partial void FeedNotRead(ILogger log, long head, Exception exception);

    [LoggerMessage(21, LogLevel.Warning, "The database is in epoch {Epoch} at {Seq} but the feed is at {Head}: every watcher starts over")]
    public static partial void FeedStartsOver(ILogger log, string epoch, long seq, long head);

    [LoggerMessage(22, LogLevel.Warning, "Redis is down ({Why}); reading other nodes' changes from the journal")]
    public static partial void RedisAway(ILogger log, string why);

    [LoggerMessage(23, LogLevel.Information, "Redis is up")]
    public static partial void RedisThere(ILogger log);

    [LoggerMessage(44, LogLevel.Warning, "Other nodes have committed for {Seconds:F0} s without a message from Redis: resubscribing")]
    public static partial void BusDeaf(ILogger log, double seconds);

    [LoggerMessage(24, LogLevel.Information, "Draining; connections asked to move: {Connections}")]
    public static partial void Draining(ILogger log, int connections);

    [LoggerMessage(25, LogLevel.Warning, "Could not write presence to the database; keeping the last reading of the other nodes")]
    public static partial void PresenceNotNoted(ILogger log, Exception exception);

    [LoggerMessage(26, LogLevel.Error, "The reachability check failed; the next one retries")]
    public static partial void LookFailed(ILogger log, Exception exception);

    [LoggerMessage(27, LogLevel.Error, "The outbox turn failed; messages in flight continue, and the next turn retries")]
    public static partial void OutboxFailed(ILogger log, Exception exception);

    [LoggerMessage(28, LogLevel.Warning, "Message {Id} on {Channel} is dead after {Attempts} attempts: {Why}")]
    public static partial void MessageDead(ILogger log, long id, string channel, int attempts, string why);

    [LoggerMessage(88, LogLevel.Warning, "The receiver of channel {Channel} is gone for good (410); the channel was turned off")]
    public static partial void ReceiverGone(ILogger log, string channel);

    [LoggerMessage(29, LogLevel.Error, "Could not compose message {Id} on {Channel}")]
    public static partial void MessageFailed(ILogger log, long id, string channel, Exception exception);

    [LoggerMessage(48, LogLevel.Error, "Nothing can be written ({Why}): this node is not ready")]
    public static partial void NotReady(ILogger log, Unwritable why, Exception exception);

    [LoggerMessage(45, LogLevel.Warning, "Repaired the trigger {Trigger}, which a node without its job had set aside")]
    public static partial void TriggerRevived(ILogger log, string trigger);

    [LoggerMessage(46, LogLevel.Error, "The triggers of the shared store could not be looked at; the next look tries again")]
    public static partial void RevivalFailed(ILogger log, Exception exception);

    [LoggerMessage(47, LogLevel.Error, "What is no longer kept could not be removed; the next run tries again")]
    public static partial void ForgettingFailed(ILogger log, Exception exception);

    [LoggerMessage(49, LogLevel.Warning, "The procedure {Procedure} that is shipped cannot be used under the street's policy: {Why}")]
    public static partial void ProcedureUnusable(ILogger log, string procedure, string why);

    [LoggerMessage(50, LogLevel.Error, "The clock of {CallNo} that was due at {Due} (Unix ms) cannot act; it is tried again in a minute")]
    public static partial void ClockStuck(ILogger log, string callNo, long due);

    [LoggerMessage(51, LogLevel.Error, "{CallNo} cannot be read and is left out of a list")]
    public static partial void MatterUnreadable(ILogger log, string callNo, Exception why);

    [LoggerMessage(60, LogLevel.Warning, "Moved the keys from {Old} to {Folder}, outside the data folder: back that folder up as well, apart from the data")]
    public static partial void KeysMoved(ILogger log, string old, string folder);

    [LoggerMessage(61, LogLevel.Warning, "The keys are in the data folder ({Folder}) in clear: a copy of the data signs anybody in. Set Dispatch:Keys to a folder outside it, or set Dispatch:KeysCertificate")]
    public static partial void KeysInData(ILogger log, string folder);

    [LoggerMessage(62, LogLevel.Warning, "{Path} is open to other accounts of this machine, and this account cannot close it")]
    public static partial void OpenToOthers(ILogger log, string path);

    [LoggerMessage(63, LogLevel.Warning, "Refused {Messages} messages or values in Redis that carry no valid signature of this street: either somebody else writes to Redis, or a node has other keys, runs the version before, or its clock is wrong")]
    public static partial void BusForged(ILogger log, long messages);

    [LoggerMessage(64, LogLevel.Error, "Node {Other} has other keys: sessions and messages of one node are not valid on the other. Let Dispatch:Keys of all nodes name one shared folder")]
    public static partial void OtherKeys(ILogger log, string other);

    [LoggerMessage(80, LogLevel.Information, "Encrypted {Rows} rows that held persons, words, codes or photos in clear")]
    public static partial void Encrypted(ILogger log, int rows);

    [LoggerMessage(81, LogLevel.Information, "Encrypted {Rows} rows again, with data key {Key}")]
    public static partial void Reencrypted(ILogger log, int rows, long key);

    [LoggerMessage(82, LogLevel.Error, "What an older data key has encrypted could not be encrypted again; the next run goes on")]
    public static partial void ReencryptionFailed(ILogger log, Exception exception);

    [LoggerMessage(70, LogLevel.Warning, "The database is older than {Erasures} erasures noted beside it; they were repeated, or wait until their cases have ended")]
    public static partial void ErasuresRepeated(ILogger log, int erasures);

    [LoggerMessage(71, LogLevel.Error, "Erased, but the erasure could not be noted outside the database, or deleted bytes may remain in its files; tried again at the next erasure")]
    public static partial void ErasureNotNoted(ILogger log, Exception exception);

    [LoggerMessage(83, LogLevel.Warning, "The monthly drill could not be sent ({Code}); tried again in a minute")]
    public static partial void DrillFailed(ILogger log, string code);

    [LoggerMessage(99, LogLevel.Error, "A rhythm opens nothing: {Why}")]
    public static partial void RhythmUnusable(ILogger log, string why);

    [LoggerMessage(98, LogLevel.Error, "What is due today could not be opened; tried again in a minute")]
    public static partial void RhythmsFailed(ILogger log, Exception exception);

    [LoggerMessage(85, LogLevel.Error, "Who is silent at a scene could not be looked for; tried again in a minute")]
    public static partial void SafetyFailed(ILogger log, Exception exception);

    [LoggerMessage(100, LogLevel.Warning, "That the poster of station {Station} was scanned could not be noted; the next scan tries again")]
    public static partial void ScanNotNoted(ILogger log, string station, Exception exception);

    [LoggerMessage(84, LogLevel.Error, "Call-outs could not be looked through; tried again in a minute")]
    public static partial void DrillsFailed(ILogger log, Exception exception);
}
