using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Actor = DispatchCenter.Domain.Matters.Actor;

namespace DispatchCenter.Hub.Features.Households;

/// <summary>What a household asks for through its link. Nothing it says changes the register: whoever the procedure asks decides.</summary>
public sealed class HouseholdCommands(Database database, DispatchDesk desk, HouseholdLinks links, RegisterBook register, ProcedureBook procedures, Roster roster, ReachBook reach, ErasureCommands erasures, TimeProvider time)
{
    /// <summary>The scope of the desk's keys, apart from those of accounts and of other anonymous requests.</summary>
    internal const string KeyOwner = "households";

    /// <summary>
    /// Asks for one field to be corrected. Of a field there is at most one open request. The same key with the same words is the same request while that is open, and completes what a crash has left; otherwise it is refused.
    /// </summary>
    /// <param name="value">What it is to say, as the register keeps it; blank for nothing any more.</param>
    /// <param name="words">What is said of it; may be blank.</param>
    public async Task<Outcome> AskAsync(string code, string? field, string? value, string? words, string? key, CancellationToken ct)
    {
        await using var reading = database.Context();
        if (await links.FindAsync(reading, code, ct) is not var (entry, _)) return Outcome.Of(Codes.LinkUnknown);
        if (register.Now.Map.Kinds.Find(entry.Kind) is not { } kind || kind.FindField(field ?? string.Empty) is not { } asked || !HouseholdQueries.MayAsk(kind, asked)) return Outcome.Of("household_field");
        if (key is null || key.Length is < Keys.Shortest or > Keys.Longest) return Outcome.Of(Codes.IdempotencyKeyInvalid);
        if (Texts.Check(words, Texts.NoteLimit, "note", out var said) is { } tooLong) return tooLong;
        var wish = Wish(asked, value);
        if (wish.Value is not { } wanted) return wish;
        if (procedures.Current.Find(Correction.Procedure) is not { } procedure || Form(procedure, entry, asked, wanted, said) is not { } filled) return Outcome.Of("household_off");
        var community = register.Now.Map.Area(entry.Place).Community;
        if (roster.DeskOf(community, time.GetUtcNow()) is not { } by) return Outcome.Of("household_off");

        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{entry.Code}\n{key}")));
        var noted = await NoteAsync(id, entry, asked, wanted, said, ct);
        if (noted.Value is not { } row || row.Matter.Length > 0) return noted;
        var reply = await desk.Submit(new DeskRequest.Begin(procedure.Code, by, community, null, Origin.Staff, filled, Caller.Unknown), new RequestKey(KeyOwner, id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(filled)))));
        // Whoever asked may have left: what was opened, or was not, is on record all the same.
        if (reply is DeskReply.Done { Matter: var matter }) await OpenedAsync(row, matter.No.Value, CancellationToken.None);
        else await SettleAsync(row, CancellationToken.None);
        return Replies.Of(reply);
    }

    /// <summary>Takes a request back while it is not decided.</summary>
    public async Task<Outcome> WithdrawAsync(string code, string? request, CancellationToken ct)
    {
        await using var db = database.Context();
        if (await links.FindAsync(db, code, ct) is not var (entry, _)) return Outcome.Of(Codes.LinkUnknown);
        if (await db.HouseholdRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Id == request && r.Entry == entry.Code && r.Matter != "", ct) is not { } row) return Outcome.Of("household_no_request");
        var reply = await desk.Submit(new DeskRequest.Ask(new Domain.Calls.CallNo(row.Matter), new ProceedingCommand.Cancel(new Actor.Outside(new Domain.Duty.Respondent.Caller()))), null);
        if (reply is DeskReply.Done { Matter: Proceeding { Outcome: Outcomes.Cancelled } }) await WithdrawnAsync(row.Id); // the field is free at once, and an old form of it is not taken for this one
        return Replies.Of(reply);
    }

    /// <summary>Notes the matter that was opened for a request. If its row has gone meanwhile it is written again; if that is because the entry was erased, what was asked is erased as well.</summary>
    /// <param name="row">As it was noted.</param>
    /// <returns>Whether the row has the number now and had none before.</returns>
    internal async Task<bool> OpenedAsync(HouseholdRequestRow row, string matter, CancellationToken ct)
    {
        var (noted, erased) = await database.WriteAsync<(bool Noted, ErasureRow? Erased)>(async db =>
        {
            if (await db.HouseholdRequests.FirstOrDefaultAsync(r => r.Id == row.Id, ct) is { } kept)
            {
                if (kept.Matter.Length > 0) return (false, null);
                kept.Matter = matter;
            }
            else
            {
                if (await db.Entries.AnyAsync(e => e.Code == row.Entry && e.Version > row.Version && e.Changed == EntryRow.Erased, ct)) return (false, await db.Erasures.AsNoTracking().FirstAsync(e => e.CallNo == "entry:" + row.Entry, ct));
                db.HouseholdRequests.Add(new HouseholdRequestRow { Id = row.Id, Entry = row.Entry, Field = row.Field, Digest = row.Digest, Version = row.Version, Matter = matter, At = row.At, State = HouseholdRequestRow.Open });
            }

            await db.SaveChangesAsync(ct);
            return (true, null);
        }, ct);
        if (erased is not null) await erasures.AskAsync([matter], erased.ByAccount, erased.Reason, ct);
        return noted;
    }

    /// <summary>A request whose sender was not told that its matter was opened. If it was, the desk's own key knows the number; otherwise the field is free again.</summary>
    /// <returns>Whether anything was changed.</returns>
    internal async Task<bool> SettleAsync(HouseholdRequestRow row, CancellationToken ct)
    {
        await using var db = database.Context();
        if (await db.Keys.AsNoTracking().Where(k => k.Scope == KeyOwner && k.Key == row.Id).Select(k => k.CallNo).FirstOrDefaultAsync(ct) is { Length: > 0 } no) return await OpenedAsync(row, no, ct);
        return await database.WriteAsync(write => write.DeleteAsync(write.HouseholdRequests.Where(r => r.Id == row.Id && r.Matter == ""), ct), ct) > 0;
    }

    private Task<int> WithdrawnAsync(string id) => database.WriteAsync(async db =>
    {
        if (await db.HouseholdRequests.FirstOrDefaultAsync(r => r.Id == id && r.State == HouseholdRequestRow.Open) is not { } row) return 0;
        row.State = HouseholdRequestRow.Withdrawn;
        return await db.SaveChangesAsync();
    }, CancellationToken.None);

    /// <summary>The value as the register keeps it; empty for nothing.</summary>
    private static Outcome<string> Wish(Field field, string? value)
    {
        var clean = FieldText.Clean(value ?? string.Empty);
        if (clean.Length == 0) return field.Required ? Outcome.Of("field_missing", (field.Name, field.NameEn)).As<string>() : string.Empty;
        var most = FieldText.MaxOf(field.Kind).ToString(CultureInfo.InvariantCulture);
        if (clean.Length > FieldText.MaxOf(field.Kind)) return new(Outcome.Of("field_too_long", (field.Name, field.NameEn), (most, most)));
        return FieldText.Canonical(field, clean) is { } good ? good : Outcome.Of("field_invalid", (field.Name, field.NameEn)).As<string>();
    }

    /// <summary>The opening form, as people read it and as it is written if it is granted; null if the street's procedure has no room for it.</summary>
    private string? Form(Procedure procedure, Entry entry, Field field, string value, string words)
    {
        var chinese = reach.Rules.IsChinese;
        var shown = field.Kind == FieldKind.YesNo && value.Length > 0 ? Sentences.Find($"household_{value}") is var (_, zh, en) ? chinese ? zh : en : value
            : field.Choices.FirstOrDefault(c => c.Code == value) is { } choice ? choice.Name : value;
        var values = new Dictionary<string, string>
        {
            [Correction.Entry] = $"{(chinese ? entry.Name : entry.NameEn)} ({entry.Code})", [Correction.Field] = chinese ? field.Name : field.NameEn, [Correction.Value] = shown, [Correction.Remove] = value.Length == 0 ? "yes" : string.Empty, [Correction.Words] = words,
        };
        return MatterForms.Check(procedure.FindForm(procedure.Opening), values, null, null, anyway: true).Value;
    }

    /// <summary>Holds the field for this request. Its row has no matter if that is to be opened now; a refusal says why it is not.</summary>
    private Task<Outcome<HouseholdRequestRow>> NoteAsync(string id, Entry entry, Field field, string value, string words, CancellationToken ct) => database.WriteAsync<Outcome<HouseholdRequestRow>>(async db =>
    {
        var digest = db.DataKeys.CodeOf($"household\n{id}\n{field.Key}\n{value.Length}\n{value}\n{words}");
        if (await db.HouseholdRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct) is { } known)
        {
            if (known.Digest == digest && known.State == HouseholdRequestRow.Open) return known;
            return new(Outcome.Of("household_sent") with { Code = Codes.IdempotencyKeyReused });
        }

        if (await db.HouseholdRequests.AnyAsync(r => r.Entry == entry.Code && r.Field == field.Key && r.State == HouseholdRequestRow.Open, ct)) return new(Outcome.Of("household_asked", (field.Name, field.NameEn)));
        var fields = (await db.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == entry.Code, ct))?.Read(db.DataKeys) ?? [];
        if (fields.GetValueOrDefault(field.Key, string.Empty) == value) return new(Outcome.Of("household_same", (field.Name, field.NameEn)));
        var version = await db.Entries.Where(e => e.Latest && e.Code == entry.Code).Select(e => e.Version).FirstOrDefaultAsync(ct);
        var row = new HouseholdRequestRow { Id = id, Entry = entry.Code, Field = field.Key, Digest = digest, Version = version, Matter = string.Empty, At = time.GetUtcNow(), State = HouseholdRequestRow.Open };
        db.HouseholdRequests.Add(row);
        await db.SaveChangesAsync(ct);
        return row;
    }, ct);
}
