using System.Collections.Immutable;

namespace DispatchCenter.Domain.Register;

/// <summary>What an entry says that it holds somewhere, besides the role of its kind.</summary>
/// <param name="Place">A place as in <see cref="Entry.Place"/>.</param>
/// <param name="To">The body that it belongs to by this, such as the committee of a member; null for none.</param>
public sealed record Tie(string Role, string Place, string? To)
{
    /// <summary>From this instant; null from ever.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant; null for good.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool IsAt(DateTimeOffset at) => (From is not { } from || from <= at) && (Until is not { } until || at < until);
}

/// <summary>An entry of the register, without what nobody reads unless they state a purpose.</summary>
/// <param name="Place">Where it stands: <c>street</c>, <c>community:01</c>, <c>grid:001</c>, or the code of another entry.</param>
public sealed record Entry(string Code, string Kind, string Name, string NameEn, string Place)
{
    public const int MaxCode = 40, MaxName = 60, MaxTies = 400;

    /// <summary>Addresses beside those of entries.</summary>
    public static readonly ImmutableArray<string> Taken = ["new", "check", "labels"];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>What it counts through by its own field, such as a licence: the instant after its last day; null if it has none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public ImmutableArray<Tie> Ties { get; init; } = [];

    /// <summary>Whether it counts then.</summary>
    public bool IsAt(DateTimeOffset at) => (From is not { } from || from <= at) && (Until is not { } until || at < until) && (ExpiresAt is not { } expires || at < expires);

    /// <summary>Whether a text can be a code: it stands in addresses and in tables, and never looks like a place of the map.</summary>
    public static bool IsCode(string text) => text.Length is >= 1 and <= MaxCode && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text.Trim('.').Length > 0 && !Kinds.OfTheMap.Contains(text) && !Taken.Contains(text);

    public bool SameAs(Entry other) => this with { Ties = [] } == other with { Ties = [] } && Ties.AsSpan().SequenceEqual(other.Ties.AsSpan());
}

/// <summary>The columns that every entry has in a table, besides its fields.</summary>
public static class EntryColumns
{
    public const string Code = "code", Kind = "kind", Name = "name", NameEn = "name_en", Place = "place", From = "from", Until = "until", Holds = "holds";

    public static readonly ImmutableArray<string> All = [Code, Kind, Name, NameEn, Place, From, Until, Holds];
}
