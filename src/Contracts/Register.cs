namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/register?kind=&amp;place=&amp;q=</c>: entries by code, the first 200.</summary>
/// <param name="Found">How many there are in all.</param>
public sealed record RegisterList(IReadOnlyList<EntryLine> Entries, int Found);

/// <summary>An entry of the register (名册) in a list.</summary>
/// <param name="Place">Where it stands: street, community:CODE, grid:CODE, or the code of an entry.</param>
/// <param name="IsOver">It counts no longer, or not yet.</param>
public sealed record EntryLine(string Code, Named Kind, string Name, string NameEn, Named Place, bool IsOver);

/// <summary><c>GET /api/register/{code}</c>: an entry as far as the reader's post may read it without a purpose.</summary>
/// <param name="Version">From 1; every change makes one.</param>
/// <param name="ExpiresAt">When it stops counting by its own last day, such as a licence's.</param>
/// <param name="Fields">What they say; a closed one is named by its privacy and left out.</param>
/// <param name="Holds">The roles that it holds, and where.</param>
/// <param name="Answers">For a place: who holds each role there or around it, now.</param>
/// <param name="Teams">For a place: the teams that are called to it.</param>
public sealed record EntryView(
    EntryLine Entry, int Version, DateTimeOffset? From, DateTimeOffset? Until, DateTimeOffset? ExpiresAt, IReadOnlyList<FieldValue> Fields, IReadOnlyList<EntryTie> Holds, IReadOnlyList<ResolveView> Answers, IReadOnlyList<Named> Teams);

/// <summary>A role that an entry holds at a place.</summary>
/// <param name="To">The body that it belongs to by this; null for none.</param>
public sealed record EntryTie(Named Role, Named Place, string? To, DateTimeOffset? From, DateTimeOffset? Until);

/// <summary><c>GET /api/resolve?role=&amp;place=&amp;at=</c>: who held a role for a place at an instant, looking outwards from it to the street.</summary>
/// <param name="FoundAt">Where they hold it.</param>
public sealed record ResolveView(Named Role, string Place, DateTimeOffset At, Named FoundAt, IReadOnlyList<EntryLine> Holders);

/// <summary><c>POST /api/register/{code}/lookup</c>: why somebody is looked up; logged with who, when and whom.</summary>
/// <param name="Purpose">One of those of the kinds that the post may state.</param>
/// <param name="Call">The number of the case or matter that it is for; null for none.</param>
public sealed record LookupRequest(string? Purpose, string? Call = null);

/// <summary>What a purpose shows.</summary>
public sealed record LookupView(string Code, string Purpose, DateTimeOffset At, IReadOnlyList<FieldValue> Fields);
