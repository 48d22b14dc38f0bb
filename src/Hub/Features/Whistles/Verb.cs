using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>A case, a post and a moment: what may this post do now? Each command is tried, so a page never offers what the case would refuse.</summary>
public readonly record struct Chance(WhistleCall Call, Post By, Surroundings World)
{
    public bool Allows(CallCommand command) => Life.Decide(Call, command, World) is Decision.Moved;
}

/// <summary>Where the codes in a request are looked up.</summary>
public readonly record struct Lookups(StreetMap Map, Policy Policy);

/// <summary>A parsed request: the command for whoever asks, and whether it requires text.</summary>
public sealed record Asked(Func<Post, CallCommand> Command, bool NeedsWords = false);

/// <summary>
/// One thing staff can do to a case. Its row in <see cref="Verbs"/> is the only place that spells it out: a page's offers, the
/// endpoint, the right, the hub's method and the scripts' list all come from there.
/// </summary>
public class Verb(string name, Right right)
{
    /// <summary>As in <c>CallDetail.commands</c>.</summary>
    public string Name { get; } = name;

    public Right Right { get; } = right;

    /// <summary>The last part of <c>POST /api/calls/{no}/{path}</c>. Verbs that share a path differ by <see cref="Kind"/>.</summary>
    public string Path { get; init; } = name;

    /// <summary>The <c>kind</c> member of the body, if verbs share a path.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether an offline phone may store it and send it later. Nobody waits for the answer to such a verb.</summary>
    public bool MayWait { get; init; }

    /// <summary>Its position among the buttons of a case; null for a verb folded away under 更多.</summary>
    public int? Button { get; init; }

    /// <summary>The commands to try: one for most verbs; for the others, one per answer that could be meant.</summary>
    public required Func<Chance, IEnumerable<CallCommand>> Tries { get; init; }

    /// <summary>The type of the body; null if the request is only the case, or if the verb has an endpoint of its own.</summary>
    public virtual JsonTypeInfo? BodyType => null;

    /// <summary>Whether <see cref="GiveAsync"/> handles it. A verb that opens a case answers with that case's receipt, from an endpoint of its own.</summary>
    public virtual bool IsGiven => false;

    /// <param name="staff">Executes the command.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="callNo">The case.</param>
    /// <param name="body">Of type <see cref="BodyType"/>.</param>
    /// <param name="tap">Its key and age.</param>
    public virtual Task<Answered> GiveAsync(StaffCommands staff, Staff who, string? callNo, object? body, Tap tap) => throw new InvalidOperationException($"{Name} has an endpoint of its own.");

    /// <summary>The commands that the case would accept now.</summary>
    public IEnumerable<CallCommand> Allowed(Chance chance) => Tries(chance).Where(chance.Allows);
}

/// <summary>A verb whose request is only the case.</summary>
public sealed class PlainVerb(string name, Right right, Func<Post, CallCommand> command) : Verb(name, right)
{
    public Func<Post, CallCommand> Command => command;

    public override bool IsGiven => true;

    public override Task<Answered> GiveAsync(StaffCommands staff, Staff who, string? callNo, object? body, Tap tap) => staff.GiveAsync(this, who, callNo, tap);
}

/// <summary>A verb whose request has a body.</summary>
/// <typeparam name="T">The body, as CONTRACT names it.</typeparam>
public sealed class Verb<T>(string name, Right right, JsonTypeInfo<T> body) : Verb(name, right)
    where T : class
{
    public JsonTypeInfo<T> Body => body;

    public override JsonTypeInfo BodyType => body;

    public override bool IsGiven => true;

    public override Task<Answered> GiveAsync(StaffCommands staff, Staff who, string? callNo, object? body, Tap tap) => staff.GiveAsync(this, who, callNo, (T)body!, tap);

    /// <summary>Parses the request; the outcome says what is missing or unknown.</summary>
    public required Func<T, Lookups, Outcome<Asked>> Reads { get; init; }

    /// <summary>The text that comes with it.</summary>
    public required Func<T, string?> Words { get; init; }

    /// <summary>The kind under which the text is stored.</summary>
    public string WordsKind { get; init; } = "note";

    /// <summary>The photos that come with it.</summary>
    public Func<T, CallPhotos?> Photos { get; init; } = _ => null;
}
