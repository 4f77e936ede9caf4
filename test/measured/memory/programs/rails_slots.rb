# Slot sizes of a small Rails application: objects of the booted process and of requests, by size pool.
ENV['RAILS_ENV'] = 'production'
ENV['SECRET_KEY_BASE'] = 'x' * 64
require 'logger'
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'action_view/railtie'
require 'active_job/railtie'
require 'action_mailer/railtie' rescue nil
require 'fileutils'
require 'tmpdir'
ROOT = Dir.mktmpdir('slots')
FileUtils.rm_rf(ROOT)
%w[app/views/layouts app/views/posts config log tmp].each { |d| FileUtils.mkdir_p(File.join(ROOT, d)) }
def w(path, text) = File.write(File.join(ROOT, path), text)
w 'app/views/layouts/application.html.erb', <<~X
  <!DOCTYPE html><html><head><title><%= content_for?(:title) ? yield(:title) : 'Blog' %></title><%= csrf_meta_tags %></head>
  <body><nav><%= link_to 'Posts', posts_path, class: 'nav' %></nav><% if flash[:notice] %><p><%= flash[:notice] %></p><% end %><%= yield %></body></html>
X
w 'app/views/posts/index.html.erb', <<~X
  <% content_for :title, 'All posts' %><h1>Posts</h1><%= render partial: 'posts/post', collection: @posts %>
  <%= link_to 'Next', posts_path(page: @page + 1) %>
X
w 'app/views/posts/_post.html.erb', <<~X
  <article id="<%= dom_id(post) %>"><h2><%= link_to post.title, post_path(post) %></h2><p class="by">by <%= post.user.name %>, <%= time_tag post.created_at %></p>
  <p><%= truncate(post.body, length: 80) %></p><p><%= pluralize(post.comments.size, 'comment') %></p></article>
X
w 'app/views/posts/show.html.erb', <<~X
  <% content_for :title, @post.title %><h1><%= @post.title %></h1><div><%= simple_format @post.body %></div>
  <ul><% @post.comments.each do |c| %><li><%= c.user.name %>: <%= c.body %> (<%= time_ago_in_words c.created_at %>)</li><% end %></ul>
  <%= form_with url: comments_path, scope: :comment do |f| %><%= f.hidden_field :post_id, value: @post.id %><%= f.label :body %><%= f.text_area :body, rows: 3 %><%= f.submit 'Add' %><% end %>
X
class App < Rails::Application
  config.root = ROOT
  config.load_defaults 7.2
  config.eager_load = true
  config.consider_all_requests_local = false
  config.logger = Logger.new(File.join(ROOT, 'log/production.log'))
  config.log_level = :info
  config.hosts.clear
  config.active_support.to_time_preserves_timezone = :zone rescue nil
  config.cache_store = :memory_store
  config.action_controller.perform_caching = true
  routes.append { resources :posts, only: %i[index show]; resources :comments, only: :create; get 'api/posts' => 'api#posts'; get 'up' => 'api#up' }
end
w 'config/database.yml', "production:\n  adapter: sqlite3\n  database: ':memory:'\n  pool: 5\n"
App.initialize!
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |t| t.string :name; t.string :email; t.timestamps }
  create_table(:posts) { |t| t.references :user; t.string :title; t.text :body; t.integer :views, default: 0; t.timestamps }
  create_table(:comments) { |t| t.references :post; t.references :user; t.text :body; t.timestamps }
end
class User < ActiveRecord::Base; has_many :posts; has_many :comments; end
class Post < ActiveRecord::Base
  belongs_to :user; has_many :comments; validates :title, presence: true, length: { maximum: 200 }
  scope :recent, -> { order(created_at: :desc) }
end
class Comment < ActiveRecord::Base; belongs_to :post; belongs_to :user, optional: true; validates :body, presence: true; end
class ApplicationController < ActionController::Base; skip_forgery_protection; end
class PostsController < ApplicationController
  def index; @page = params.fetch(:page, 0).to_i; @posts = Post.recent.includes(:user, :comments).limit(25).offset(25 * @page); end
  def show; @post = Post.includes(comments: :user).find(params[:id]); end
end
class CommentsController < ApplicationController
  def create
    c = Comment.new(params.require(:comment).permit(:body, :post_id)); c.user = User.first
    if c.save then redirect_to post_path(c.post_id), notice: 'Added' else head 422 end
  end
end
class ApiController < ApplicationController
  def posts; render json: Post.recent.includes(:user).limit(50).map { |p| p.as_json(only: %i[id title views created_at]).merge('user' => p.user.name) }; end
  def up; head :ok; end
end
r = Random.new(1)
words = File.read(__FILE__).scan(/[a-z]{3,}/).uniq
text = ->(n) { Array.new(n) { words[r.rand(words.size)] }.join(' ') }
users = Array.new(20) { |i| User.create!(name: text[2].titleize, email: "user#{i}@example.com") }
Array.new(100) do
  p = Post.create!(user: users.sample(random: r), title: text[4], body: text[60 + r.rand(200)], created_at: r.rand(100_000).minutes.ago)
  r.rand(12).times { Comment.create!(post: p, user: users.sample(random: r), body: text[5 + r.rand(30)]) }
end
require 'rack/mock'
REQ = Rack::MockRequest.new(Rails.application)
KINDS = {
  'list (HTML, 25 records with users and comments)' => -> { REQ.get("/posts?page=#{r.rand(4)}") },
  'show (HTML, one record with its comments, form)' => -> { REQ.get("/posts/#{1 + r.rand(100)}") },
  'create (POST, redirect)' => -> { REQ.post('/comments', params: { comment: { body: text[10], post_id: 1 + r.rand(100) } }) },
  'api (JSON, 50 records)' => -> { REQ.get('/api/posts') },
  'up (empty)' => -> { REQ.get('/up') },
}
def alloc = (0..4).map { |k| GC.stat_heap(k, :total_allocated_objects) }
def live = (0..4).map { |k| GC.stat_heap(k, :total_allocated_objects) - GC.stat_heap(k, :total_freed_objects) }
def share(a) = a.map { |x| format('%.1f %%', 100.0 * x / a.sum) }.join(' / ')
KINDS.each_value { |q| 20.times { s = q.call.status; abort "status #{s}" unless s < 400 } }
3.times { GC.start }
l = live
puts "ruby #{RUBY_VERSION}, rails #{Rails.version}: live objects #{l.sum}: #{l.inspect} #{share l}"
puts "pages #{(0..4).map { |k| GC.stat_heap(k, :heap_eden_pages) }.inspect} slots #{(0..4).map { |k| GC.stat_heap(k, :heap_eden_slots) }.inspect}"
N = (ENV['N'] || 100).to_i
all = [0] * 5
KINDS.each do |name, q|
  res = Array.new(N) { b = alloc; GC.disable; m = GC.stat(:malloc_increase_bytes); q.call; m = GC.stat(:malloc_increase_bytes) - m; GC.enable; alloc.zip(b).map { |x, y| x - y } + [m] }
  sum = res.transpose.map { |c| c.sum.to_f / N }
  puts "#{name}: #{sum[0..4].sum.round} objects: #{share sum[0..4]}; malloc #{sum[5].round} B"
  all = all.zip(sum).map(&:sum)
end
puts "mean of the kinds by requests: #{share all}"
