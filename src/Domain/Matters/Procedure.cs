using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;

namespace DispatchCenter.Domain.Matters;

/// <summary>The kind of place a procedure is opened for, or at which a role is looked for.</summary>
public enum PlaceKind
{
    Grid,
    Community,
    Street,
}

/// <summary>Who may see a matter.</summary>
public enum Visibility
{
    /// <summary>密件: only those who are asked, or were.</summary>
    Sealed,

    /// <summary>The desks of its community and of the street, the grid's teams, and those who are asked.</summary>
    Staff,

    /// <summary>公示: everyone, on a page without signing in; of its forms only the public fields.</summary>
    Public,
}

/// <summary>Who may read a field of a form.</summary>
public enum Privacy
{
    Public,

    /// <summary>The person it is for, and the staff who may see the matter.</summary>
    Caller,

    /// <summary>Everyone of the staff who may see the matter.</summary>
    Staff,

    /// <summary>Only after giving a reason; every look is logged.</summary>
    Reason,

    /// <summary>Only those who are asked in the current stage and who filled it in.</summary>
    Sealed,
}

public static class Privacies
{
    extension(Privacy privacy)
    {
        /// <summary>Whether all of the staff who may see the matter may read it without a reason.</summary>
        public bool IsForStaff => privacy is Privacy.Public or Privacy.Caller or Privacy.Staff;

        /// <summary>Whether it is meant for the person that the matter is for.</summary>
        public bool IsForCaller => privacy is Privacy.Public or Privacy.Caller;
    }
}

public enum FieldKind
{
    Text,
    LongText,
    Number,
    Date,
    Choice,
    YesNo,
    Phone,

    /// <summary>签名: strokes drawn on the screen, as path data.</summary>
    Signature,
}

/// <summary>A value of a <see cref="FieldKind.Choice"/>.</summary>
public sealed record FieldChoice(string Code, string Name, string NameEn);

/// <summary>A field of a form. Its value is erasable text and decides nothing.</summary>
public sealed record Field(string Key, string Name, string NameEn, FieldKind Kind)
{
    public bool Required { get; init; }

    public Privacy Privacy { get; init; } = Privacy.Staff;

    /// <summary>The choices of a <see cref="FieldKind.Choice"/>; empty for other kinds.</summary>
    public ImmutableArray<FieldChoice> Choices { get; init; } = [];
}

/// <summary>A form: the fields filled in when a matter is opened, or with one answer.</summary>
public sealed record Form(string Key, ImmutableArray<Field> Fields);

/// <summary>The role that owes an answer. Until there is a register, a role is a kind of post or a party of the policy.</summary>
public abstract record Role
{
    private Role() { }

    /// <summary>Whoever holds this kind of post at the place, looked for outwards from the grid to the street.</summary>
    public sealed record OfKind(PostKind Kind) : Role
    {
        public override string ToString() => Calls.Details.Camel(Kind);
    }

    /// <summary>A party of the policy, which answers through a link.</summary>
    public sealed record OfParty(string Code) : Role
    {
        public override string ToString() => $"party:{Code}";
    }

    /// <summary>The post that opened the matter.</summary>
    public sealed record Starter : Role
    {
        public override string ToString() => "starter";
    }

    /// <summary>The person the matter is for.</summary>
    public sealed record Caller : Role
    {
        public override string ToString() => "caller";
    }

    /// <summary>Whoever gave the last answer to an earlier ask.</summary>
    public sealed record WhoDid(string Ask) : Role
    {
        public override string ToString() => $"who:{Ask}";
    }

    /// <summary>The posts that somebody has chosen for this ask.</summary>
    public sealed record Chosen : Role
    {
        public override string ToString() => "chosen";
    }
}

/// <summary>How many of those asked have to answer.</summary>
/// <param name="Count">Null: all of them.</param>
public readonly record struct Need(int? Count)
{
    public static readonly Need One = new(1);
    public static readonly Need All = new(null);

    /// <summary>The number needed of <paramref name="asked"/>; never more than there are.</summary>
    public int Of(int asked) => Math.Min(Count ?? asked, asked);

    public override string ToString() => Count switch
    {
        null => "all",
        1 => "one",
        { } k => k.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>An answer that a stage requires.</summary>
public sealed record Ask(string Key, string Name, string NameEn)
{
    public required ImmutableArray<Role> Roles { get; init; }

    /// <summary>Where a kind of post is looked for; null for the place of the matter.</summary>
    public PlaceKind? At { get; init; }

    /// <summary>Every holder of the role owes an answer of their own, instead of one answer for the role.</summary>
    public bool EachPost { get; init; }

    public Need Need { get; init; } = Need.One;

    /// <summary>The form filled in with every answer.</summary>
    public string? Form { get; init; }

    /// <summary>Takes in any number of items, such as papers, each with a receipt, until it is answered with an outcome.</summary>
    public bool Collects { get; init; }

    /// <summary>Owed once for each item of that ask that has not been given back; answering it gives the item back.</summary>
    public string? PerItemOf { get; init; }

    /// <summary>回避: who answered one of these asks may not answer this one. <c>starter</c> bars who opened the matter.</summary>
    public ImmutableArray<string> Barred { get; init; } = [];
}

/// <summary>What a vote needs to pass.</summary>
public enum Majority
{
    /// <summary>More yes than no.</summary>
    Simple,

    /// <summary>At least two thirds of yes and no.</summary>
    TwoThirds,

    /// <summary>No no, and at least one yes.</summary>
    Unanimous,
}

/// <summary>What closes a stage.</summary>
public abstract record Gate
{
    private Gate() { }

    /// <summary>Every ask has the answers it needs.</summary>
    public sealed record Done : Gate;

    /// <summary>Yes, no or abstain, once everyone has voted or the clock has run out: passed, rejected, or noQuorum with fewer than <paramref name="Quorum"/> votes.</summary>
    public sealed record Vote(int Quorum, Majority Majority) : Gate;

    /// <summary>Pass or fail, each with its signer: failed as soon as too few can pass.</summary>
    public sealed record Sign : Gate;
}

/// <summary>Where an outcome leads.</summary>
/// <param name="To">A stage, or <see cref="End"/>.</param>
public sealed record Path(string To, string Name, string NameEn)
{
    public const string End = "end";
}

/// <summary>A stage of a procedure: who owes what, by when, and what comes next.</summary>
public sealed record Stage(string Key, string Name, string NameEn)
{
    public Gate Gate { get; init; } = new Gate.Done();

    /// <summary>Empty for a stage that only waits for its clock or for its children.</summary>
    public ImmutableArray<Ask> Asks { get; init; } = [];

    /// <summary>The time for the whole stage; null for none.</summary>
    public Span? Limit { get; init; }

    /// <summary>
    /// The last instant at which an answer is worth anything, from the stage's beginning: then it ends as <see cref="Outcomes.Lapsed"/>, and until then its limit climbs the ladder. Null: the limit alone decides.
    /// </summary>
    public Span? Until { get; init; }

    /// <summary>叫应: those who are asked are rung until each has answered for themselves.</summary>
    public bool Rings { get; init; }

    /// <summary>The next stage by outcome. With <see cref="Outcomes.Lapsed"/> the end of its clock ends the stage; without, it climbs the ladder.</summary>
    public required ImmutableSortedDictionary<string, Path> Next { get; init; }

    /// <summary>The outcomes in the order of the document, for buttons; those that are not named follow.</summary>
    public ImmutableArray<string> Order { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Every outcome, in the order in which people should read them.</summary>
    public IEnumerable<string> OutcomesInOrder => Order.Where(Next.ContainsKey).Union(Next.Keys);

    /// <summary>Null for that of the procedure.</summary>
    public Visibility? Visibility { get; init; }

    /// <summary>It is not over before every child of the matter is.</summary>
    public bool AwaitsChildren { get; init; }

    /// <summary>Whether a desk that it has climbed to may answer for those who have not: never in a vote, with somebody's signature, or where each must be heard.</summary>
    public bool AllowsInPlace => Gate is Gate.Done && !Rings;
}

/// <summary>The outcomes that gates and clocks produce; others are named by the procedure.</summary>
public static class Outcomes
{
    public const string Done = "done";
    public const string Passed = "passed";
    public const string Rejected = "rejected";
    public const string NoQuorum = "noQuorum";
    public const string Failed = "failed";

    /// <summary>The clock ran out.</summary>
    public const string Lapsed = "lapsed";

    /// <summary>Withdrawn by the person it was for, or cancelled by a desk.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>The time promised to the person the matter is for, from its opening to the end of a stage.</summary>
public sealed record Promise(Span Limit, string Until)
{
    /// <summary>The outcomes of that stage that keep it; empty for any but <see cref="Outcomes.Lapsed"/>.</summary>
    public ImmutableArray<string> On { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Whether it is kept by a stage that ends like this.</summary>
    public bool IsKeptBy(string stage, string outcome) => stage == Until && (On.IsEmpty ? outcome is not (Outcomes.Lapsed or Outcomes.Cancelled) : On.Contains(outcome));

    public bool Equals(Promise? other) => other is not null && Limit == other.Limit && Until == other.Until && On.AsSpan().SequenceEqual(other.On.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Limit, Until);
}

/// <summary>
/// 事项流程: one version of how a kind of matter is dealt with, as data. A matter keeps the version it began with; <see cref="Proceedings"/> interprets every one of
/// them, without a branch for any. What is wrong with one is said by <see cref="ProcedureMistakes"/>.
/// </summary>
public sealed record Procedure(string Code, int Version, string Name, string NameEn)
{
    public const int MaxStages = 40;
    public const int MaxAsks = 12;
    public const int MaxRoles = 24;
    public const int MaxOutcomes = 12;
    public const int MaxForms = 40;
    public const int MaxFields = 40;
    public const int MaxChoices = 40;

    /// <summary>What it is for, in a sentence or two.</summary>
    public string About { get; init; } = string.Empty;

    public string AboutEn { get; init; } = string.Empty;

    public required PlaceKind Place { get; init; }

    public Visibility Visibility { get; init; } = Visibility.Staff;

    /// <summary>The kinds of post that may open one.</summary>
    public required ImmutableArray<PostKind> Starters { get; init; }

    /// <summary>It is for somebody outside, who gets a link.</summary>
    public bool HasCaller { get; init; }

    /// <summary>The form filled in when it is opened.</summary>
    public string? Opening { get; init; }

    public ImmutableArray<Form> Forms { get; init; } = [];

    /// <summary>The first is where it begins.</summary>
    public required ImmutableArray<Stage> Stages { get; init; }

    public Promise? Promise { get; init; }

    /// <summary>The stage that a cancelled matter still has to go through, such as giving papers back; null to end at once.</summary>
    public string? Cancelled { get; init; }

    public Stage? FindStage(string key) => Stages.FirstOrDefault(s => s.Key == key);

    public Ask? FindAsk(string key) => Stages.SelectMany(s => s.Asks).FirstOrDefault(a => a.Key == key);

    public Form? FindForm(string? key) => Forms.FirstOrDefault(f => f.Key == key);
}
