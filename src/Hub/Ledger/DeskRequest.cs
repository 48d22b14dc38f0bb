using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Encryption;

namespace DispatchCenter.Hub.Ledger;

/// <summary>A request to the desk.</summary>
public abstract record DeskRequest
{
    private DeskRequest() { }

    /// <summary>A new whistle, already checked against street and policy.</summary>
    public sealed record Blow(Category Category, Grid Grid, Station? Station, bool Danger, bool HideFromProperty, bool Drill, Source Source, Post? By, string Description, Caller Caller) : DeskRequest
    {
        /// <summary>The parent case, if this is a child; the asker may open it there.</summary>
        public CallNo? Parent { get; init; }

        /// <summary>我也遇到: the open case that this one joins at once.</summary>
        public CallNo? Joins { get; init; }

        public AppliedStandard? Standard { get; init; }

        /// <summary>Ids of uploaded photos not yet tied to a case.</summary>
        public IReadOnlyList<string> Photos { get; init; } = [];

        /// <summary>The bearer of the personal link that it came by; null if it came by none.</summary>
        public string? Reporter { get; init; }
    }

    /// <summary>A matter to open by the latest version of a procedure, already checked against the street.</summary>
    /// <param name="Form">What was filled in; kept only in an erasable table.</param>
    public sealed record Begin(string Procedure, Post By, CommunityCode? Community, GridCode? Grid, Origin Origin, string Form, Caller Caller) : DeskRequest
    {
        public CallNo? Parent { get; init; }

        public bool Drill { get; init; }

        public ImmutableDictionary<string, ImmutableArray<PostId>> Chosen { get; init; } = ImmutableDictionary<string, ImmutableArray<PostId>>.Empty;
    }

    /// <summary>A command on a matter, with its text.</summary>
    public sealed record Ask(CallNo CallNo, IMatterCommand Command, CallWords? Words = null) : DeskRequest
    {
        public CallPhotos? Photos { get; init; }

        /// <summary>The number that replaces the one its caller left.</summary>
        public CallerPhone? Phone { get; init; }

        /// <summary>When a phone without network was tapped, as it reports; moves no clock.</summary>
        public DateTimeOffset? Claimed { get; init; }

        /// <summary>The kind of channel that it came by; null from a page.</summary>
        public string? Via { get; init; }
    }
}

/// <summary>What the caller said about themselves; kept only in an erasable table.</summary>
public sealed record Caller(string? Name, string? Phone, double? Lat, double? Lon, string? Datum)
{
    public static readonly Caller Unknown = new(null, null, null, null, null);

    /// <summary>As its row holds it.</summary>
    internal static Caller Of(CallerRow row, DataKeys keys)
    {
        var at = keys.Decrypt(row.Place)?.Split(' ');
        return new Caller(keys.Decrypt(row.Name), keys.Decrypt(row.Phone), at is null ? null : double.Parse(at[0], CultureInfo.InvariantCulture), at is null ? null : double.Parse(at[1], CultureInfo.InvariantCulture), at is { Length: > 2 } ? at[2] : null);
    }

    /// <summary>Where they are, as the column holds it before it is encrypted; null if unknown.</summary>
    internal string? At => Lat is { } lat && Lon is { } lon ? WriteAt(lat, lon, Datum) : null;

    internal static string WriteAt(double lat, double lon, string? datum) => string.Create(CultureInfo.InvariantCulture, $"{lat:R} {lon:R} {datum}").TrimEnd();
}

/// <summary>The number that a caller puts in place of the one they left.</summary>
/// <param name="Of">Their own whistle, whichever case it continues in, and what came out of it under the same number.</param>
/// <param name="Number">In its one form; null removes it.</param>
public sealed record CallerPhone(IReadOnlyList<string> Of, string? Number)
{
    public override string ToString() => $"({string.Join(' ', Of)})"; // never the number: it may end in a log
}

/// <summary>Free text; kept only in an erasable table.</summary>
public sealed record CallWords(string Kind, string Text);

/// <summary>Ids of uploaded photos not yet tied to a case, and what they show: whistle, note, before or after.</summary>
public sealed record CallPhotos(string Kind, IReadOnlyList<string> Ids)
{
    public const string Whistle = "whistle", Before = "before", After = "after";
}

/// <summary>The desk's answer, given once the change is on disk.</summary>
public abstract record DeskReply
{
    private DeskReply() { }

    /// <summary>Done, now or by an earlier request with the same key; the matter as it is.</summary>
    public sealed record Done(IMatter Matter, string Tracking) : DeskReply
    {
        /// <summary>The whistle, for those who asked about one.</summary>
        public WhistleCall Call => (WhistleCall)Matter;

        /// <summary>What happened, as the journal names it; null if nothing did, or an earlier request with the same key did it.</summary>
        public string? What { get; init; }

        /// <summary>It was so before, whoever did it: nothing has changed.</summary>
        public bool Already { get; init; }
    }

    /// <summary>Refused; nothing has changed. Includes the matter if there is one.</summary>
    public sealed record Refused(Refusal Why, IMatter? Matter) : DeskReply
    {
        /// <summary>The whistle, for those who asked about one.</summary>
        public WhistleCall? Call => Matter as WhistleCall;
    }

    /// <summary>The key was already used for a different request.</summary>
    public sealed record KeyReused : DeskReply;

    /// <summary>The queue is full or the storage cannot write: nothing has changed, retry with the same key.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : DeskReply;

    /// <summary>A bug, which was logged; nothing has changed.</summary>
    public sealed record Failed : DeskReply;
}
