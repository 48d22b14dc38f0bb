using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>The EF Core model: accounts, books and documents here, everything else from the modules. The database stores times as UTC Unix milliseconds.</summary>
public sealed class DispatchDb(DbContextOptions<DispatchDb> options, IReadOnlyList<Module> modules) : IdentityUserContext<Account>(options)
{
    public DbSet<BookRow> Books => Set<BookRow>();

    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    /// <summary>Tells every node, within the transaction of the change, to reload a book.</summary>
    public Task ChangedAsync(string book, CancellationToken ct) => Books.Where(b => b.Name == book).ExecuteUpdateAsync(s => s.SetProperty(b => b.Revision, b => b.Revision + 1), ct);

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ReplaceService<IModelCacheKeyFactory, KeyOfModules>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<bool>().HaveConversion<BoolToZeroOneConverter<long>>();
        configurationBuilder.Properties<Role>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<BookRow>().ToTable("books").HasKey(r => r.Name);
        builder.Entity<DocumentRow>().ToTable("documents").HasKey(r => new { r.Kind, r.Version });
        builder.Entity<Account>().ToTable("accounts");
        builder.Entity<IdentityUserClaim<string>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("account_tokens");
        foreach (var module in modules) module.MapTables(builder);
        foreach (var entity in builder.Model.GetEntityTypes())
            foreach (var property in entity.GetProperties())
                if (property.FindAnnotation("Relational:ColumnName") is null) property.SetColumnName(Snake(property.Name));
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : string.Empty) + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>The model depends on the list of modules.</summary>
    private sealed class KeyOfModules : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (((DispatchDb)context).Modules, designTime);
    }

    private IReadOnlyList<Module> Modules => modules;
}

/// <summary>The revision of an in-memory cache: see <see cref="BookWatch"/>.</summary>
public sealed class BookRow
{
    public required string Name { get; set; }

    public long Revision { get; set; }
}

/// <summary>A version of a street document; kind is street, policy, holidays, standards, reach, or procedure: and its code.</summary>
public sealed class DocumentRow
{
    public required string Kind { get; set; }

    public int Version { get; set; }

    public required string Json { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByAccount { get; set; }
}

/// <summary>UTC Unix milliseconds: the only time format in the database.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
