using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Encryption;

/// <summary>Every column that could hold text is encrypted, or stands here with the reason why not: a new one fails until somebody has decided.</summary>
public sealed class ColumnTests
{
    private const string Code = "codes and numbers of the street's own", Hash = "a hash, a key or random bits", Codes = "codes only: the leak tests search it for persons and words",
        Emptied = "emptied by the first start with encryption", SignIn = "the name of an account, not of a person: it is what signs in, is searched and sorted by", Setting = "a document of the street, public or of its own settings";

    private static readonly Dictionary<string, string> Plain = new()
    {
        ["account_claims.claim_type, claim_value, user_id"] = "unused by us",
        ["account_logins.login_provider, provider_display_name, provider_key, user_id"] = "unused by us",
        ["account_tokens.login_provider, name, user_id, value"] = "unused by us",
        ["account_posts.account, post"] = Code,
        ["accounts.id, post, role"] = Code,
        ["accounts.email, normalized_email"] = "unused by us",
        ["accounts.user_name, normalized_user_name"] = SignIn,
        ["accounts.concurrency_stamp, password_hash, security_stamp"] = Hash,
        ["acts.by_account, detail, subject, what"] = Codes,
        ["absences.kind, post"] = Code,
        ["books.name"] = Code,
        ["callers.call_no"] = Code,
        ["callers.datum, lat, lon"] = Emptied,
        ["callers.phone_hash, salt"] = Hash,
        ["calls.audience, community, grid, level, no, recused, state"] = Code,
        ["calls.body, card"] = Codes,
        ["channels.code"] = Code,
        ["channels.endpoint, secret"] = "encrypted by the data-protection keys themselves",
        ["channels.settings"] = Setting,
        ["channels.tokens"] = "a number",
        ["data_keys.wrapped"] = "a key, wrapped by the data-protection keys",
        ["documents.by_account, kind"] = Code,
        ["documents.json"] = Setting,
        ["duty_words.by_post, unit"] = Code,
        ["duty_words.salt"] = Hash,
        ["encrypted_columns.name"] = Code,
        ["ended_sessions.session"] = Hash,
        ["epochs.epoch"] = Hash,
        ["erasures.by_account, call_no, reason"] = Code,
        ["gaps.community, unit"] = Code,
        ["gateway_answers.call_no, channel, code, post, says"] = Code,
        ["gateway_answers.id"] = "a gateway's own number, which only who has its secret can send",
        ["head.day, epoch, street"] = Code,
        ["household_consents.ended_post, entry, post, what"] = Code,
        ["household_links.entry, post"] = Code,
        ["household_links.hash"] = Hash,
        ["household_requests.entry, field, matter, state"] = Code,
        ["household_requests.digest, id"] = Hash,
        ["idempotency.call_no, scope"] = Code,
        ["idempotency.hash, key"] = Hash,
        ["journal.answer, audience, audience_before, by_post, call_no, kind, what"] = Code,
        ["journal.card, detail"] = Codes,
        ["journal.command"] = Hash,
        ["matter_links.hash"] = Hash,
        ["matter_links.matter, owed, respondent"] = Code,
        ["matters.asked, audience, community, grid, kind, no, parent, procedure, recused"] = Code,
        ["matters.body, card"] = Codes,
        ["outbox.address, call_no, category, channel, detail, event, grid, lane, level, state, subject, why"] = "codes only: a number is looked up when it is sent",
        ["outbox.key"] = Hash,
        ["party_links.answer, call_no"] = Code,
        ["party_links.hash"] = Hash,
        ["patterns.by_account, code, json, unit"] = Code,
        ["photo_files.photo, size, type"] = Code,
        ["photos.by_post, call_no, id, kind, type"] = Code,
        ["posts.community, grid, id, kind, team"] = Code,
        ["push_phones.account"] = Code,
        ["push_phones.session, stamp"] = Hash,
        ["recovery_codes.account"] = Code,
        ["recovery_codes.hash"] = Hash,
        ["reads.account, call_no, looked, post"] = Code,
        ["reads.salt"] = Hash,
        ["register_entries.by_account, changed, code, data, kind, place"] = "codes, and names of places and roles, never of a person",
        ["register_fields.code"] = Code,
        ["register_links.by_account, entry"] = Code,
        ["register_links.bearer, hash"] = Hash,
        ["register_reports.bearer"] = Hash,
        ["register_reports.call_no"] = Code,
        ["register_looks.account, call_no, entry, post, purpose"] = Code,
        ["roster_feeds.account, post, unit"] = Code,
        ["roster_feeds.hash"] = Hash,
        ["roster_journal.by_account, by_post, detail, post, unit, what"] = Codes,
        ["round_looks.matter, post, stop, whistle"] = Code,
        ["round_looks.tap"] = Hash,
        ["rounds.day, matter, place, rhythm"] = Code,
        ["rounds.plan"] = "names of rhythms, places and checks, never of a person",
        ["second_factors.account"] = Code,
        ["shares.call_no"] = Code,
        ["shifts.post, slot, state"] = Code,
        ["station_scans.day, station"] = Code,
        ["swaps.by_post, state, with_post"] = Code,
        ["words.by_post, call_no, kind"] = Code,
        ["words.salt"] = Hash,
    };

    [Fact]
    public async Task Every_column_of_text_or_bytes_is_encrypted_or_has_a_reason_not_to_be()
    {
        await using var street = await TestStreet.StartAsync();
        await using var db = street.Service<Database>().Context();
        var columns = db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).ToList();
        var open = columns.Where(c => !c.IsEncrypted() && (c.GetProviderClrType() ?? c.GetValueConverter()?.ProviderClrType ?? Nullable.GetUnderlyingType(c.ClrType) ?? c.ClrType) is var stored && (stored == typeof(string) || stored == typeof(byte[]) || stored == typeof(double)));
        var listed = Plain.Keys.SelectMany(names => names.Split('.') is [var table, var list] ? list.Split(", ").Select(column => $"{table}.{column}") : []);
        Assert.Equal(listed.Order(StringComparer.Ordinal), open.Select(c => c.FullName()).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["accounts.phone_number", "callers.name", "callers.phone", "callers.place", "calls.tracking", "duty_words.words", "matters.tracking", "photo_files.bytes", "push_phones.endpoint", "push_phones.keys", "reads.reason", "register_fields.closed", "register_fields.photo", "register_fields.readable", "register_looks.reason", "second_factors.secret", "shares.code", "words.words"],
            columns.Where(c => c.IsEncrypted()).Select(c => c.FullName()).Order(StringComparer.Ordinal));
    }
}
