# The pages of who is signed in, in English.
database accounts
POST /he_thong/ngon_ngu ngon_ngu=en
GET /dang_nhap
? 200
+ <h1>Sign in</h1>
POST /dang_nhap tai_khoan=bi_thu&mat_khau=sai
? 422
+ The user name or the password is not right.
as bi_thu
POST /he_thong/ngon_ngu ngon_ngu=en
GET /
? 200
+ <h1>To do</h1>
GET /tai_khoan
? 200
+ <h1>My account</h1>
POST /tai_khoan/mat_khau cu=sai&moi=a&lai=b
? 422
+ The current password is not right.
POST /so/dang_ky/moi
crawl /
as van_phong
POST /he_thong/ngon_ngu ngon_ngu=en
crawl /
