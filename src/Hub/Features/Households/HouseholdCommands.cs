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
public sealed class HouseholdCommands(Database database, DispatchDesk desk, HouseholdLinks links, RegisterBook register, ProcedureBook procedures, Roster roster, ReachBook reach, TimeProvider time)
{
    /// <summary>The scope of the desk's keys, apart from those of accounts and of other anonymous requests.</summary>
    internal const string KeyOwner = "households";

    /// <summary>
    /// Asks for one field to be corrected. Of a field there is at most one open request. The same key again is the same request, which completes what a crash has left.
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
        if (await NoteAsync(id, entry, asked, wanted, ct) is { } known) return known;
        var reply = await desk.Submit(new DeskRequest.Begin(procedure.Code, by, community, null, Origin.Staff, filled, Caller.Unknown), new RequestKey(KeyOwner, id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(filled)))));
        if (reply is DeskReply.Done { Matter: var matter }) await OpenedAsync(database, id, matter.No.Value, ct);
        return Replies.Of(reply);
    }

    /// <summary>Takes a request back while it is not decided.</summary>
    public async Task<Outcome> WithdrawAsync(string code, string? request, CancellationToken ct)
    {
        await using var db = database.Context();
        if (await links.FindAsync(db, code, ct) is not var (entry, _)) return Outcome.Of(Codes.LinkUnknown);
        if (await db.HouseholdRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Id == request && r.Entry == entry.Code && r.Matter != "", ct) is not { } row) return Outcome.Of("household_no_request");
        return Replies.Of(await desk.Submit(new DeskRequest.Ask(new Domain.Calls.CallNo(row.Matter), new ProceedingCommand.Cancel(new Actor.Outside(new Domain.Duty.Respondent.Caller()))), null));
    }

    /// <summary>The number of the matter that was opened for a request.</summary>
    internal static Task<int> OpenedAsync(Database database, string id, string matter, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (await db.HouseholdRequests.FirstOrDefaultAsync(r => r.Id == id && r.Matter == "", ct) is not { } row) return 0;
        row.Matter = matter;
        return await db.SaveChangesAsync(ct);
    }, ct);

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

    /// <summary>Holds the field for this request; null if its matter is to be opened now, otherwise what there is to say: why not, or that it has been.</summary>
    private Task<Outcome?> NoteAsync(string id, Entry entry, Field field, string value, CancellationToken ct) => database.WriteAsync<Outcome?>(async db =>
    {
        if (await db.HouseholdRequests.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct) is { } known) return known.Matter.Length > 0 ? Outcome.Of(Codes.Ok) : null;
        if (await db.HouseholdRequests.AnyAsync(r => r.Entry == entry.Code && r.Field == field.Key && r.State == HouseholdRequestRow.Open, ct)) return Outcome.Of("household_asked", (field.Name, field.NameEn));
        var fields = (await db.EntryFields.AsNoTracking().FirstOrDefaultAsync(f => f.Code == entry.Code, ct))?.Read(db.DataKeys) ?? [];
        if (fields.GetValueOrDefault(field.Key, string.Empty) == value) return Outcome.Of("household_same", (field.Name, field.NameEn));
        db.HouseholdRequests.Add(new HouseholdRequestRow { Id = id, Entry = entry.Code, Field = field.Key, Matter = string.Empty, At = time.GetUtcNow(), State = HouseholdRequestRow.Open });
        await db.SaveChangesAsync(ct);
        return null;
    }, ct);
}
