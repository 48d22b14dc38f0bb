using DispatchCenter.Hub.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DispatchCenter.Hub.Storage;

/// <summary>The tables as EF Core sees them. Times are UTC Unix milliseconds in the database.</summary>
public sealed class DispatchDb(DbContextOptions<DispatchDb> options) : IdentityUserContext<Account>(options)
{
    public DbSet<HeadRow> Heads => Set<HeadRow>();

    public DbSet<EpochRow> Epochs => Set<EpochRow>();

    public DbSet<BookRow> Books => Set<BookRow>();

    public DbSet<CallRow> Calls => Set<CallRow>();

    public DbSet<JournalRow> Journal => Set<JournalRow>();

    public DbSet<KeyRow> Keys => Set<KeyRow>();

    public DbSet<WordsRow> Words => Set<WordsRow>();

    public DbSet<PhotoRow> Photos => Set<PhotoRow>();

    public DbSet<PhotoFileRow> PhotoFiles => Set<PhotoFileRow>();

    public DbSet<CallerRow> Callers => Set<CallerRow>();

    public DbSet<ReadRow> Reads => Set<ReadRow>();

    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    public DbSet<PartyLinkRow> PartyLinks => Set<PartyLinkRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<ChannelRow> Channels => Set<ChannelRow>();

    public DbSet<PostRow> Posts => Set<PostRow>();

    public DbSet<ShiftRow> Shifts => Set<ShiftRow>();

    public DbSet<AccountPostRow> AccountPosts => Set<AccountPostRow>();

    public DbSet<PatternRow> Patterns => Set<PatternRow>();

    public DbSet<AbsenceRow> Absences => Set<AbsenceRow>();

    public DbSet<SwapRow> Swaps => Set<SwapRow>();

    public DbSet<RosterJournalRow> RosterJournal => Set<RosterJournalRow>();

    public DbSet<DutyWordsRow> DutyWords => Set<DutyWordsRow>();

    public DbSet<GapRow> Gaps => Set<GapRow>();

    public DbSet<RosterFeedRow> RosterFeeds => Set<RosterFeedRow>();

    /// <summary>Says, in the transaction of the change, that every node has to read a book anew.</summary>
    public Task ChangedAsync(string book, CancellationToken ct) => Books.Where(b => b.Name == book).ExecuteUpdateAsync(s => s.SetProperty(b => b.Revision, b => b.Revision + 1), ct);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<bool>().HaveConversion<BoolToZeroOneConverter<long>>();
        configurationBuilder.Properties<Role>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<HeadRow>().ToTable("head").HasKey(r => r.Street);
        builder.Entity<EpochRow>().ToTable("epochs").HasKey(r => r.Epoch);
        builder.Entity<BookRow>().ToTable("books").HasKey(r => r.Name);
        builder.Entity<CallRow>().ToTable("calls").HasKey(r => r.No);
        builder.Entity<JournalRow>().ToTable("journal").HasKey(r => r.Seq);
        builder.Entity<JournalRow>().Property(r => r.Seq).ValueGeneratedNever();
        builder.Entity<KeyRow>().ToTable("idempotency").HasKey(r => new { r.Scope, r.Key });
        builder.Entity<WordsRow>().ToTable("words").HasKey(r => new { r.CallNo, r.Version, r.Kind });
        builder.Entity<PhotoRow>().ToTable("photos").HasKey(r => r.Id);
        builder.Entity<PhotoFileRow>().ToTable("photo_files").HasKey(r => new { r.Photo, r.Size });
        builder.Entity<CallerRow>().ToTable("callers").HasKey(r => r.CallNo);
        builder.Entity<ReadRow>().ToTable("reads").HasKey(r => r.Id);
        builder.Entity<DocumentRow>().ToTable("documents").HasKey(r => new { r.Kind, r.Version });
        builder.Entity<PartyLinkRow>().ToTable("party_links").HasKey(r => r.Hash);
        builder.Entity<OutboxRow>().ToTable("outbox").HasKey(r => r.Id);
        builder.Entity<ChannelRow>().ToTable("channels").HasKey(r => r.Code);
        builder.Entity<PostRow>().ToTable("posts").HasKey(r => r.Id);
        builder.Entity<ShiftRow>(shift =>
        {
            shift.ToTable("shifts").HasKey(r => r.Id);
            shift.Property(r => r.From).HasColumnName("from_at");
            shift.Property(r => r.Until).HasColumnName("until_at");
        });
        builder.Entity<AccountPostRow>().ToTable("account_posts").HasKey(r => new { r.Account, r.Post });
        builder.Entity<PatternRow>().ToTable("patterns").HasKey(r => new { r.Unit, r.Code, r.Version });
        builder.Entity<AbsenceRow>(absence =>
        {
            absence.ToTable("absences").HasKey(r => r.Id);
            absence.Property(r => r.From).HasColumnName("from_at");
            absence.Property(r => r.Until).HasColumnName("until_at");
        });
        builder.Entity<SwapRow>().ToTable("swaps").HasKey(r => r.Id);
        builder.Entity<RosterJournalRow>().ToTable("roster_journal").HasKey(r => r.Id);
        builder.Entity<DutyWordsRow>().ToTable("duty_words").HasKey(r => r.Id);
        builder.Entity<GapRow>().ToTable("gaps").HasKey(r => new { r.Unit, r.FromAt });
        builder.Entity<RosterFeedRow>().ToTable("roster_feeds").HasKey(r => r.Hash);
        builder.Entity<Account>().ToTable("accounts");
        builder.Entity<IdentityUserClaim<string>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("account_tokens");
        foreach (var entity in builder.Model.GetEntityTypes())
            foreach (var property in entity.GetProperties())
                if (property.FindAnnotation("Relational:ColumnName") is null) property.SetColumnName(Snake(property.Name));
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : string.Empty) + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>UTC Unix milliseconds: the one form of time in the database.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
