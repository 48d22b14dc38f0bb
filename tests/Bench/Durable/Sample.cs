using System.Globalization;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Kernel.Tables;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Bench.Durable;

/// <summary>What one whistle writes beside the head row, as the desk wrote it.</summary>
internal sealed record WhistleRows(CallRow Call, JournalRow Entry, KeyRow Key, WordsRow Words, CallerRow Caller)
{
    /// <summary>
    /// The same rows under another number, key and tracking code. The texts stay as they are: the peers neither decide nor
    /// serialize anything, which is to their advantage.
    /// </summary>
    public WhistleRows Again(long seq)
    {
        var no = string.Create(CultureInfo.InvariantCulture, $"W261122-{seq:D5}");
        var tracking = new Encrypted(CallRow.TrackingColumn, "~1." + Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N")); // as random as the desk's: its index is as costly
        return new WhistleRows(
            new CallRow
            {
                No = no, Version = Call.Version, State = Call.State, Level = Call.Level, Community = Call.Community, Grid = Call.Grid, IsOpen = Call.IsOpen, NextDue = Call.NextDue,
                BreachAt = Call.BreachAt, OpenedAt = Call.OpenedAt, Tracking = tracking, Audience = Call.Audience, Body = Call.Body, Card = Call.Card,
            },
            new JournalRow
            {
                Seq = seq, CallNo = no, Version = Entry.Version, At = Entry.At, ByPost = Entry.ByPost, What = Entry.What, Answer = Entry.Answer, Due = Entry.Due,
                Detail = Entry.Detail, Audience = Entry.Audience, AudienceBefore = Entry.AudienceBefore, Card = Entry.Card, Command = Guid.CreateVersion7().ToString("N"),
            },
            new KeyRow { Scope = Key.Scope, Key = Guid.NewGuid().ToString("N"), Hash = Key.Hash, CallNo = no, At = Key.At },
            new WordsRow { CallNo = no, Version = Words.Version, Kind = Words.Kind, ByPost = Words.ByPost, At = Words.At, Words = Words.Words },
            new CallerRow { CallNo = no, Name = Caller.Name, Phone = Caller.Phone, Place = Caller.Place, PhoneHash = Caller.PhoneHash });
    }

    /// <summary>Reads back what the desk wrote.</summary>
    public static async Task<List<WhistleRows>> ReadAsync(Database database, int count)
    {
        await using var db = database.Context();
        return [.. from call in (await db.Calls.AsNoTracking().OrderBy(c => c.No).Take(count).ToListAsync())
                   join entry in await db.Journal.AsNoTracking().ToListAsync() on call.No equals entry.CallNo
                   join key in await db.Keys.AsNoTracking().ToListAsync() on call.No equals key.CallNo
                   join words in await db.Words.AsNoTracking().ToListAsync() on call.No equals words.CallNo
                   join caller in await db.Callers.AsNoTracking().ToListAsync() on call.No equals caller.CallNo
                   select new WhistleRows(call, entry, key, words, caller)];
    }
}

/// <summary>A run of one arm.</summary>
/// <param name="Whistles">Durable whistles in the measured time.</param>
/// <param name="Batch">Whistles in one transaction, on average.</param>
/// <param name="CpuMicroseconds">Processor time of the whole process for one whistle.</param>
internal sealed record Run(long Whistles, TimeSpan Time, double Batch, double CpuMicroseconds)
{
    public double Rate => Whistles / Time.TotalSeconds;
}
