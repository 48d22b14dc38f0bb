using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Ledger;

#pragma warning disable CS1591 // columns are described in the migrations
/// <summary>An answer that a gateway reported, and what came of it; without number or words.</summary>
public sealed class GatewayAnswerRow
{
    public required string Channel { get; set; }

    /// <summary>The gateway's own number for it.</summary>
    public required string Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Who answered; empty if it is nobody's.</summary>
    public required string Post { get; set; }

    /// <summary>Empty if it belongs to no case.</summary>
    public required string CallNo { get; set; }

    /// <summary>accept or cannot; empty for anything else.</summary>
    public required string Says { get; set; }

    /// <summary>ok, or the code of the refusal; empty until it is known.</summary>
    public required string Code { get; set; }
}
#pragma warning restore CS1591

/// <summary>The table of the answers.</summary>
public static class GatewayAnswerTable
{
    extension(DispatchDb db)
    {
        public DbSet<GatewayAnswerRow> GatewayAnswers => db.Set<GatewayAnswerRow>();
    }
}

/// <summary>Answers by key and by reply: which messages ask for one, and the short code that a reply names a message by.</summary>
internal static class GatewayAnswers
{
    public const string Accept = "accept", Cannot = "cannot";

    /// <summary>The event of the message that tells whoever replied what came of it.</summary>
    public const string Answered = "answered";

    /// <summary>What whoever answered a call-out is told.</summary>
    public const string Heard = "answer_heard";

    /// <summary>The digits of a code.</summary>
    public const int CodeDigits = 6;

    private const uint Codes = 1_000_000;

    /// <summary>Whether a message about a case may be answered.</summary>
    public static bool Asks(Channel channel, OutboxRow row) => channel.TakesAnswers && Asks(row);

    /// <summary>Whether a message calls a post to a case, or out.</summary>
    public static bool Asks(OutboxRow row) => Address.PostOf(row.Address) is not null && (IsCallOut(row) || (row.Event is Rules.Ringing or Rules.Climbed && CaseQueries.IsWhistle(row.CallNo)));

    /// <summary>叫应: 1 says that it was heard, and there is no 2.</summary>
    public static bool IsCallOut(OutboxRow row) => row.Event is Rules.CalledOut or Rules.Drilled;

    /// <summary>The code of one case and one post, which only the street's keys can compute.</summary>
    public static string CodeOf(DataKeys keys, string callNo, string post) =>
        (BinaryPrimitives.ReadUInt32BigEndian(Base64Url.DecodeFromChars(keys.CodeOf($"answer {callNo} {post}"))) % Codes).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Who has said of these cases that they cannot come.</summary>
    public static async Task<HashSet<(string CallNo, PostId Post)>> CannotAsync(DispatchDb db, IReadOnlyCollection<string> numbers, CancellationToken ct) =>
        [.. (await db.GatewayAnswers.AsNoTracking().Where(a => numbers.Contains(a.CallNo) && a.Says == Cannot && a.Code == Contracts.Codes.Ok).Select(a => new { a.CallNo, a.Post }).ToListAsync(ct)).Select(a => (a.CallNo, new PostId(a.Post)))];
}
